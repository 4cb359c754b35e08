package tasks

import (
	"fmt"
	"os"

	"github.com/forgego/forgego/remote"
)

// RemoteKey is this remote's key in manifest.yml.
const RemoteKey = "tasks-api"

// NewExchange returns an exchange that verifies the app's tokens and issues the remote's own tokens. The variables of
// [remote.FromEnv] and TASKS_KEY configure it, as the command above documents. The error names the variable to correct.
func NewExchange(options ...remote.Option) (*remote.Exchange, error) {
	verifier, err := remote.FromEnv(options...)
	if err != nil {
		return nil, err
	}
	var own []remote.ExchangeOption
	if key := os.Getenv("TASKS_KEY"); key != "" {
		own = append(own, remote.WithExchangeKey([]byte(key)))
	}
	exchange, err := remote.NewExchange(verifier, map[string]string{RemoteKey: verifier.BaseURL()}, own...)
	if err != nil {
		return nil, fmt.Errorf("FORGE_REMOTE_URL or TASKS_KEY: %w", err)
	}
	return exchange, nil
}
