import Glibc

/// What a system call failed of, in the system's words.
///
/// - Parameter code: an `errno` value; by default that of the latest call on this thread.
package func errnoText(_ code: Int32 = errno) -> String {
    String(cString: strerror(code))
}
