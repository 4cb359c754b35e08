// Package mcpserver serves an app that is being developed over the Model Context Protocol, to agents.
// Source: https://modelcontextprotocol.io/specification/2025-11-25
package mcpserver

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/forgego/forgego/devhost"
	"github.com/forgego/forgego/internal/devloop"
)

const (
	defaultEvents = 50
	maxLimit      = 500
	maxWait       = 60
	// maxAnswer is how many bytes of events one answer has, unless the first event is larger.
	maxAnswer = 256 << 10
)

// Options say what to serve. All are required.
type Options struct {
	Loop *devloop.Loop
	// Log gets the loop's events.
	Log *Log
	// OpenPage opens an address of the page in the user's browser.
	OpenPage func(address string) error
	// Version is the server's.
	Version string
}

const instructions = `This server runs one Atlassian Forge Custom UI app on this machine and watches its files, as "forgego dev" does.
Edit a file, then call events with the last cursor and wait_seconds to see its build, and problems for the places of mistakes.
call, set_theme, set_account and page_errors need the app's page in a browser: call open, or open the address of status.
The key context of the app's forgego.yml sets the accounts, the sites, their licenses and what getContext returns; a saved change counts at once.`

type server struct{ Options }

// New returns a server.
func New(o Options) *mcp.Server {
	s := mcp.NewServer(&mcp.Implementation{Name: "forgego", Version: o.Version}, &mcp.ServerOptions{
		Instructions: instructions, Capabilities: &mcp.ServerCapabilities{},
	})
	t := &server{o}
	add(s, "status", "The app's address, its front ends, remotes and services with the state of their builds and processes, the number of problems, the modules with their views, the accounts and the sites to choose from, the open windows with what each shows (the one used last is the first), the faults, and the cursor of the newest event. The key context of forgego.yml sets accounts, sites, licenses and what getContext returns; a saved change counts at once.", reads, t.status)
	add(s, "problems", "What must be corrected now: mistakes that do not compile, invalid files, backends that ended. Each has its places: file, line, column, message, source line.", reads, t.problems)
	add(s, "events", "What has happened, oldest first: builds, restarts, reloads, requests, calls, errors of the page. Returns the events after the cursor, and the next cursor.", reads, t.events)
	add(s, "calls", "The app's finished calls over the Forge bridge, with payloads and answers, without tokens. Returns those after the cursor, and the next cursor.", reads, t.calls)
	add(s, "page_errors", "Errors and panics of the app's page, with their stacks: those that a browser shows in its console. Returns those after the cursor, and the next cursor.", reads, t.pageErrors)
	add(s, "call", "Makes a call over the Forge bridge as the app makes it, in the page that was used last, and returns its answer without tokens. An example: command getContext; or command invoke with the payload {\"functionKey\": \"getText\", \"payload\": {}}.", changes, t.call)
	add(s, "set_theme", "Sets the product's theme in the page that was used last, as its switch does.", changes, t.setTheme)
	add(s, "set_account", "Makes the page that was used last go on as another account or on another site, as its switches do, and returns the new context. The page is reloaded.", changes, t.setAccount)
	add(s, "set_faults", "Makes token requests of the app's pages fail or wait on purpose, or revokes all tokens. Returns the settings and counts. Without arguments it changes nothing.", changes, t.setFaults)
	add(s, "reload", "Loads the app's page again in all open windows. It keeps what was typed.", changes, t.reload)
	add(s, "rebuild", "Builds and starts everything again, although nothing has changed. It does not wait: see events.", changes, t.rebuild)
	add(s, "open", "Opens the app's page in the user's browser, for a module, one of its views, an account and a site; by default the first of each.", changes, t.open)
	return s
}

// The hints of tools. No tool reaches beyond this machine by itself.
var (
	no, yes = false, true
	reads   = mcp.ToolAnnotations{ReadOnlyHint: true, OpenWorldHint: &no}
	changes = mcp.ToolAnnotations{DestructiveHint: &no, OpenWorldHint: &yes}
)

// add adds a tool. Its answer is JSON.
func add[In any](s *mcp.Server, name, description string, hints mcp.ToolAnnotations, run func(context.Context, In) (any, error)) {
	mcp.AddTool(s, &mcp.Tool{Name: name, Description: description, Annotations: &hints},
		func(ctx context.Context, _ *mcp.CallToolRequest, in In) (*mcp.CallToolResult, any, error) {
			out, err := run(ctx, in)
			return nil, out, err
		})
}

type nothing struct{}

type done struct {
	Done string `json:"done"`
}

type statusOutput struct {
	Address string `json:"address"`
	// Ready says that all units have been built and started once, or have failed.
	Ready    bool   `json:"ready"`
	Units    []Unit `json:"units"`
	Problems int    `json:"problems"`
	// Choices are empty while forgego.yml has a mistake, which is a problem then.
	devhost.Choices
	Windows []devhost.Window `json:"windows"`
	Faults  faultOutput      `json:"faults"`
	Cursor  int              `json:"cursor"`
}

func (s *server) status(context.Context, nothing) (any, error) {
	units, isReady, last := s.Log.state()
	slices.SortFunc(units, func(a, b Unit) int { return strings.Compare(a.Kind+" "+a.Name, b.Kind+" "+b.Name) })
	host := s.Loop.Host()
	choices, _ := host.Choices()
	return statusOutput{
		Address: host.URL(), Ready: isReady, Units: units, Problems: len(s.Loop.Problems()), Choices: choices,
		Windows: host.Windows(), Faults: faults(host), Cursor: last,
	}, nil
}

type problemsOutput struct {
	Problems []devhost.Problem `json:"problems"`
}

func (s *server) problems(context.Context, nothing) (any, error) {
	return problemsOutput{s.Loop.Problems()}, nil
}

// page says which events to return.
type page struct {
	Cursor int     `json:"cursor,omitempty" jsonschema:"return what happened after this cursor; 0 is the start"`
	Limit  int     `json:"limit,omitempty" jsonschema:"how many events to return at most, 50 by default, up to 500"`
	Wait   float64 `json:"wait_seconds,omitempty" jsonschema:"if there is nothing yet, wait so long for it, up to 60"`
}

type eventsInput struct {
	page
	Types []string `json:"types,omitempty" jsonschema:"only events of these types: ready, build, backend, config, reload, request, call, pageError, problems, log"`
}

type callsInput struct {
	page
	Command string `json:"command,omitempty" jsonschema:"only calls of this command, such as fetchRemote"`
}

type eventsOutput struct {
	Events []rawEvent `json:"events"`
	Cursor int        `json:"cursor"`
	More   bool       `json:"more,omitempty"`
	// Missed is how many events after the given cursor are no longer kept.
	Missed int `json:"missed,omitempty"`
}

func (s *server) events(ctx context.Context, in eventsInput) (any, error) {
	return s.find(ctx, in.page, func(e devhost.Event) bool {
		return len(in.Types) == 0 || slices.Contains(in.Types, string(e.Type))
	})
}

func (s *server) calls(ctx context.Context, in callsInput) (any, error) {
	return s.find(ctx, in.page, func(e devhost.Event) bool {
		return e.Type == devhost.EventCall && (in.Command == "" || in.Command == e.Name)
	})
}

func (s *server) pageErrors(ctx context.Context, in page) (any, error) {
	return s.find(ctx, in, func(e devhost.Event) bool { return e.Type == devhost.EventPageError })
}

// find returns the events that match. If there are none, it waits for one.
func (s *server) find(ctx context.Context, p page, match func(devhost.Event) bool) (any, error) {
	limit := min(max(p.Limit, 0), maxLimit)
	if limit == 0 {
		limit = defaultEvents
	}
	wait := time.NewTimer(time.Duration(min(max(p.Wait, 0), maxWait) * float64(time.Second)))
	defer wait.Stop()
	for {
		found, added := s.Log.after(p.Cursor, limit, match)
		out := eventsOutput{Events: found.events, Cursor: found.last, More: found.more, Missed: found.missed}
		if len(found.events) > 0 {
			return out, nil
		}
		select {
		case <-added:
		case <-wait.C:
			return out, nil
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}
