// Answers each text message with the same text; all instances share one durable consumer. Usage: echo [account]
package main

import (
	"context"
	"encoding/json"
	"log"
	"net/url"
	"os"
	"os/signal"
	"time"

	"github.com/nats-io/nats.go"
)

func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}

func echo(js nats.JetStreamContext, account string, message *nats.Msg) error {
	var in struct {
		ID                 string
		From, From_User_ID *string // users with a username may have no phone number
		Text               struct{ Body string }
	}
	if json.Unmarshal(message.Data, &in) != nil || in.Text.Body == "" {
		return message.Ack()
	}
	body, _ := json.Marshal(map[string]any{"to": in.From, "recipient": in.From_User_ID, "text": in.Text.Body})
	// By its ID a repeat is known, and not sent twice. All accounts share the IDs: the account's name goes first.
	id := nats.MsgId(account + ":echo:" + in.ID)
	if _, err := js.Publish("whatsapp."+account+".queue.sendMessage", body, id); err != nil {
		return err
	}
	name, _ := url.PathUnescape(message.Header.Get("Wa-Contact-Name"))
	log.Printf("%s: %s", name, in.Text.Body)
	return message.Ack() // only now: had we died before, another instance would get the message
}

func main() {
	account := append(os.Args, "demo")[1]
	stop, _ := signal.NotifyContext(context.Background(), os.Interrupt)
	connection := must(nats.Connect(os.Getenv("NATS_URL"), nats.MaxReconnects(-1)))
	defer connection.Close()
	js, subject := must(connection.JetStream()), "whatsapp."+account+".in.message.text"
	messages := must(js.PullSubscribe(subject, "echo-"+account, nats.BindStream("WHATSAPP_IN"), nats.DeliverNew()))
	log.Printf("echoing for %s; Ctrl-C ends", account)
	for stop.Err() == nil {
		batch, _ := messages.Fetch(10, nats.MaxWait(time.Second)) // none: nobody wrote, or NATS is away
		for _, message := range batch {
			if err := echo(js, account, message); err != nil {
				log.Print(err) // not acked: it comes again
			}
		}
	}
}
