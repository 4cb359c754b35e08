package bridgetest

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/forgego/forgego/bridge"
)

// command carries out one of the host's own commands for a window. It follows the rules of the local host; the table in
// internal/hosttest tests both.
type command func(ctx context.Context, w *Window, payload json.RawMessage, callbacks Callbacks) (any, error)

// toServers are the commands that may reach a remote, a service or a product.
var toServers = []string{"fetchRemote", "signInvocationTokenForUI", "invoke", "fetchProduct"}

// newCommands returns the host's other commands.
func newCommands() map[string]command {
	all := map[string]command{}
	for _, group := range []map[string]command{
		contextCommands, viewCommands, flagCommands, dialogCommands, routerCommands, eventCommands, realtimeCommands,
		permissionCommands, dataCommands, jiraCommands, formCommands, confluenceCommands, dashboardCommands,
	} {
		maps.Copy(all, group)
	}
	return all
}

// has reports whether the host has a command that was not scripted.
func (h *Host) has(name string) bool {
	return h.commands[name] != nil || slices.Contains(toServers, name)
}

func (h *Host) unknownCommand(name string) error {
	known := append(slices.Clone(toServers), slices.Collect(maps.Keys(h.commands))...)
	h.mu.Lock()
	for script := range h.scripts {
		if !h.has(script) {
			known = append(known, script)
		}
	}
	h.mu.Unlock()
	slices.Sort(known)
	return &bridge.HostError{Name: "UnknownCommandError", Code: "UNKNOWN_COMMAND",
		Message: fmt.Sprintf("The host in memory has no bridge command %q. It has %s; script others by Host.On.", name, strings.Join(known, ", "))}
}

// refuse returns the error of a command that the host refuses. The codes are those of the local host.
func refuse(code, format string, args ...any) error {
	return &bridge.HostError{Name: "Error", Code: code, Message: fmt.Sprintf(format, args...)}
}

// unprepared returns the error of a command whose answer the test must prepare. how says how. The code is that of the local
// host for the same reason, and NOT_PREPARED for what the local host always has.
func unprepared(code, what, how string) error {
	return refuse(code, "The host in memory has %s: the test must prepare it by %s.", what, how)
}

const (
	invalidRequest = "INVALID_REQUEST"
	noFixture      = "NO_FIXTURE"
	notPrepared    = "NOT_PREPARED"
)

// members are the members of a payload by name. As in JavaScript, a payload that is not an object has none.
type members map[string]json.RawMessage

func membersOf(payload json.RawMessage) members {
	var m members
	_ = json.Unmarshal(payload, &m)
	return m
}

// text returns a member that is a string, and whether it is one.
func (m members) text(name string) (string, bool) {
	var text *string
	if json.Unmarshal(m[name], &text) != nil || text == nil {
		return "", false
	}
	return *text, true
}

// has reports whether a member is not undefined.
func (m members) has(name string) bool { return m[name] != nil }

// isFalse reports whether a member is false, and not only missing.
func (m members) isFalse(name string) bool { return string(m[name]) == "false" }

// arguments are those of a method.
type arguments []json.RawMessage

func argumentsOf(payload json.RawMessage) arguments {
	var list arguments
	_ = json.Unmarshal(payload, &list) // Apply has checked it
	return list
}

// at returns an argument, or nil for undefined.
func (a arguments) at(i int) json.RawMessage {
	if i >= len(a) {
		return nil
	}
	return a[i]
}

// method is a function that takes and returns nothing.
func method(f func()) Function {
	return func(context.Context, json.RawMessage, Callbacks) (any, error) {
		f()
		return nil, nil
	}
}
