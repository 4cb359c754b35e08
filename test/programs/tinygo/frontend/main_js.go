// Program frontend runs a case when the test asks for it by globalThis.check(name). check returns the error as text, or "".
package main

import (
	"context"
	"fmt"
	"time"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/internal/hosttest"
	"github.com/forgego/forgego/test/harness/casepage"
)

func main() { casepage.Run(2*time.Minute, play) }

// play runs a case of this program, or of the contract of all hosts.
func play(ctx context.Context, name string) error {
	for _, c := range cases {
		if c.name == name {
			return c.play(ctx)
		}
	}
	return hosttest.Run(ctx, bridge.PageHost(), hosttest.Cases(), name)
}

// request sends a text to a remote of the stub, and returns the text of the answer.
func request(ctx context.Context, remote, text string) (string, error) {
	response, err := bridge.RequestRemote(ctx, remote, bridge.Request{Method: "POST", Path: "/", Body: bridge.Text(text)})
	if err != nil {
		return "", err
	}
	return response.Text()
}

// echo sends a text and checks that the same text comes back.
func echo(ctx context.Context, remote, text string) error {
	got, err := request(ctx, remote, text)
	if err == nil && got != text {
		err = fmt.Errorf("%d bytes came back as %d", len(text), len(got))
	}
	return err
}
