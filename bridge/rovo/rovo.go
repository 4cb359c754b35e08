// Package rovo opens a chat with Rovo beside the page, with an agent and a prompt.
//
//	err := rovo.Open(ctx, rovo.ForgeAgent{Name: "Task planner", Key: "task-planner", Prompt: "Plan my week"})
//
// It is rovo of @forge/bridge.
//
// Source: https://developer.atlassian.com/platform/forge/apis-reference/ui-api-bridge/rovo/
package rovo

import (
	"context"
	"errors"
	"unicode/utf16"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/internal/payload"
)

// ErrUnsupported means that the product cannot open a chat with Rovo where the module is shown. Confluence, Jira and
// some modules of Jira Service Management can.
var ErrUnsupported = errors.New("cannot open a chat with Rovo here: only Confluence, Jira and some modules of Jira Service Management support it")

// Agent is the agent to talk to: a [ForgeAgent], an [AtlassianAgent] or the [DefaultAgent].
type Agent interface{ request() (request, error) }

// ForgeAgent is an agent of the app: the type "forge".
type ForgeAgent struct {
	// Name is the agent's name and Key its module's key, each at most 30 UTF-16 code units.
	Name, Key string
	// Prompt starts the conversation, if it is not empty.
	Prompt string
}

// AtlassianAgent is an agent of Atlassian: the type "atlassian".
type AtlassianAgent struct {
	Name string
	// Prompt starts the conversation, if it is not empty.
	Prompt string
}

// DefaultAgent is Rovo itself: the type "default".
type DefaultAgent struct {
	// Prompt starts the conversation, if it is not empty.
	Prompt string
}

// request is the command's payload. A pointer to an empty name is sent; a nil name is not.
type request struct {
	AgentName *string `json:"agentName,omitempty"`
	AgentKey  *string `json:"agentKey,omitempty"`
	Prompt    string  `json:"prompt,omitempty"`
}

const (
	openOp = "rovo.open"
	// longest is in UTF-16 code units.
	longest = 30
)

func (a ForgeAgent) request() (request, error) {
	if utf16Len(a.Name) > longest {
		return request{}, payload.InvalidRequest(openOp, "the agent's name is longer than 30 characters")
	}
	if utf16Len(a.Key) > longest {
		return request{}, payload.InvalidRequest(openOp, "the agent's key is longer than 30 characters")
	}
	return request{&a.Name, &a.Key, a.Prompt}, nil
}

func (a AtlassianAgent) request() (request, error) {
	return request{AgentName: &a.Name, Prompt: a.Prompt}, nil
}

func (a DefaultAgent) request() (request, error) { return request{Prompt: a.Prompt}, nil }

func utf16Len(text string) int {
	n := 0
	for _, r := range text {
		n += max(1, utf16.RuneLen(r))
	}
	return n
}

// Open opens the chat beside the page and starts a new conversation with the agent.
//
// Errors are those of [bridge.Client]'s Call, [bridge.ErrInvalidRequest] if agent is nil or its name or key is too
// long, and [ErrUnsupported].
//
// It is rovo.open.
func Open(ctx context.Context, agent Agent) error {
	if agent == nil {
		return payload.InvalidRequest(openOp, "agent is nil; use rovo.DefaultAgent{} for Rovo itself")
	}
	r, err := agent.request()
	if err != nil {
		return err
	}
	argument, err := payload.JSON(openOp, r)
	if err != nil {
		return err
	}
	answer, err := bridge.FromContext(ctx).Call(ctx, openOp, bridge.Call{Command: "openRovo", Payload: argument})
	if err != nil {
		return err
	}
	if payload.False(answer) {
		return &bridge.Error{Op: openOp, Err: ErrUnsupported}
	}
	return nil
}

// IsEnabled reports whether the site has Rovo. Errors are those of [bridge.Client]'s Call, and [bridge.ErrInvalidResponse]
// if the host answers neither true nor false.
//
// It is rovo.isEnabled.
func IsEnabled(ctx context.Context) (bool, error) {
	const op = "rovo.isEnabled"
	answer, err := bridge.FromContext(ctx).Call(ctx, op, bridge.Call{Command: "isRovoEnabled"})
	if err != nil {
		return false, err
	}
	var enabled *bool
	if err := payload.Read(op, answer.Payload, &enabled); err != nil {
		return false, err
	}
	if enabled == nil {
		return false, payload.Invalid(op, "the host answered null")
	}
	return *enabled, nil
}
