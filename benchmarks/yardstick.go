// The yardstick: what every receiver of webhooks must do, in Go's net/http and no more. What the ingress costs is told as
// a multiple of what this costs.
package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"io"
	"log"
	"net/http"
)

func main() {
	port := flag.String("port", "8080", "the port of 127.0.0.1 to listen on")
	secret := flag.String("secret", "", "the app secret")
	flag.Parse()
	key := []byte(*secret)
	http.HandleFunc("/webhook", func(answer http.ResponseWriter, request *http.Request) {
		body, err := io.ReadAll(request.Body)
		code := hmac.New(sha256.New, key)
		code.Write(body)
		signature := "sha256=" + hex.EncodeToString(code.Sum(nil))
		if err != nil || !hmac.Equal([]byte(signature), []byte(request.Header.Get("X-Hub-Signature-256"))) {
			answer.WriteHeader(http.StatusUnauthorized)
		}
	})
	log.Fatal(http.ListenAndServe("127.0.0.1:"+*port, nil))
}
