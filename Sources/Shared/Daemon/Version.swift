/// The product's version, the same for all three executables.
package enum Version {
    package static let text = "0.1.0"
}
