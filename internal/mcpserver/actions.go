package mcpserver

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/forgego/forgego/devhost"
)

type rawEvent = json.RawMessage

type callInput struct {
	Command string `json:"command" jsonschema:"a command of the Forge bridge, such as getContext, invoke or fetchRemote"`
	Payload any    `json:"payload,omitempty" jsonschema:"the command's payload: any JSON"`
}

type callOutput struct {
	Answer json.RawMessage `json:"answer"`
}

func (s *server) call(ctx context.Context, in callInput) (any, error) {
	answer, err := s.Loop.Host().Ask(ctx, "call", in)
	if err != nil {
		return nil, err
	}
	return callOutput{answer}, nil
}

type themeInput struct {
	Theme string `json:"theme" jsonschema:"light, dark or auto"`
}

func (s *server) setTheme(ctx context.Context, in themeInput) (any, error) {
	if _, err := s.Loop.Host().Ask(ctx, "theme", in); err != nil {
		return nil, err
	}
	return done{"The theme is " + in.Theme + "."}, nil
}

type faultInput struct {
	FailNext *int `json:"fail_next,omitempty" jsonschema:"how many of the next token requests fail; 0 ends that"`
	DelayMS  *int `json:"delay_ms,omitempty" jsonschema:"how long each token request waits, in milliseconds; 0 ends that"`
	Revoke   bool `json:"revoke,omitempty" jsonschema:"change the signing key, so that remotes refuse all earlier tokens"`
}

type faultOutput struct {
	FailNext    int   `json:"fail_next"`
	DelayMS     int64 `json:"delay_ms"`
	Mints       int   `json:"tokens_issued"`
	Failures    int   `json:"failed_on_purpose"`
	Revocations int   `json:"revocations"`
}

func faults(h *devhost.Host) faultOutput {
	f := h.Faults().State()
	return faultOutput{f.FailNext, f.Delay.Milliseconds(), f.Mints, f.Failures, f.Revocations}
}

// maxDelay keeps the product with a millisecond from overflowing. The host's own limit is lower.
const maxDelay = int(time.Hour / time.Millisecond)

func (s *server) setFaults(_ context.Context, in faultInput) (any, error) {
	h := s.Loop.Host()
	if in.FailNext != nil {
		if err := h.Faults().FailNext(*in.FailNext); err != nil {
			return nil, fmt.Errorf("fail_next: %w", err)
		}
	}
	if in.DelayMS != nil {
		if err := h.Faults().Delay(time.Duration(min(max(*in.DelayMS, -1), maxDelay)) * time.Millisecond); err != nil {
			return nil, fmt.Errorf("delay_ms: %w", err)
		}
	}
	if in.Revoke {
		if err := h.Faults().Revoke(); err != nil {
			return nil, err
		}
	}
	return faults(h), nil
}

func (s *server) reload(context.Context, nothing) (any, error) {
	s.Loop.Host().Refresh(devhost.Refresh{Part: devhost.AppPage})
	return done{fmt.Sprintf("Open windows that load the app's page again: %d.", len(s.Loop.Host().Windows()))}, nil
}

func (s *server) rebuild(context.Context, nothing) (any, error) {
	s.Loop.Rebuild()
	return done{"Everything is built and started again."}, nil
}
