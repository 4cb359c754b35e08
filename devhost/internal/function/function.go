// Package function answers invoke: it calls what forgego.yml names for a function of the app's resolver, or the app's own
// handler.
package function

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os/exec"
	"strings"
	"time"

	"github.com/forgego/forgego/devhost/internal/apierror"
	"github.com/forgego/forgego/devhost/internal/devfile"
	"github.com/forgego/forgego/devhost/internal/forward"
	"github.com/forgego/forgego/devhost/internal/installation"
	"github.com/forgego/forgego/devhost/internal/kvs"
	"github.com/forgego/forgego/devhost/internal/productdata"
	"github.com/forgego/forgego/internal/manifest"
	"github.com/forgego/forgego/internal/objectstore"
	"github.com/forgego/forgego/internal/platform"
	"github.com/forgego/forgego/internal/supervise"
	"github.com/forgego/forgego/internal/weburl"
)

// Caller calls the functions of an app.
type Caller struct {
	// Dir is the app's folder.
	Dir      string
	Manifest *manifest.Manifest
	Objects  *objectstore.Store
	// ObjectURL returns where a page of an origin finds stored objects.
	ObjectURL func(origin string) string
	// Client makes the requests to functions that have a URL.
	Client *http.Client
	// Timeout limits each call.
	Timeout time.Duration
	Log     *slog.Logger
	// Stderr gets what commands write to their standard error.
	Stderr io.Writer

	// Runner runs the app's handlers. It is nil if nothing does. The following is what handlers reach.
	Runner Runner
	// Products answers requests to products.
	Products *productdata.Data
	// Values are those of @forge/kvs.
	Values *kvs.Store
	// Permissions returns what a site has granted the app, as @forge/api has it.
	Permissions func(site int) map[string]any
	// AllowsBackend reports whether a site allows the app's functions to fetch from an address.
	AllowsBackend func(site int, address string, baseURL func(remote string) string) bool
}

// Input is a call of a function.
type Input struct {
	ModuleKey string          `json:"moduleKey"`
	View      string          `json:"view"`
	Function  string          `json:"functionKey"`
	Payload   json.RawMessage `json:"payload"`
	// Origin is that of the page that calls.
	Origin string `json:"origin"`

	// UseCredentials reports whether a handler may use the developer's credentials for a product.
	UseCredentials bool `json:"-"`
}

// Output is a function's result. If Result is nil, the function has returned undefined.
type Output struct {
	Result json.RawMessage `json:"result,omitempty"`
	// From names what has answered, for the page's list.
	From string `json:"from"`
}

// Call calls a function in a session. It reads forgego.yml first.
func (c *Caller) Call(ctx context.Context, s *installation.Session, in Input) (*Output, error) {
	dev, err := devfile.Load(c.Dir)
	if err != nil {
		return nil, err
	}
	f, ok := dev.Answer(c.Manifest, in.Function)
	if !ok {
		return nil, unavailable(`Nothing answers invoke(%[1]q) on the local host: the app has no handler for it, or forgego.yml has answers for other functions. Add one to forgego.yml:

functions:
  %[2]s:
    file: fixtures/answer.json

Instead of a file you can name a url, which gets {functionKey, payload, context} by POST, or a command, which gets the same on its standard input. Write "%[2]s: run" for the handler of the app.`, in.Function, devfile.Key(in.Function))
	}
	module, err := s.Module(in.ModuleKey)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, c.Timeout)
	defer cancel()
	started := time.Now()
	result, from, err := c.call(ctx, s, f, in, module)
	c.Log.Debug("invoke", "module", module.Key, "function", in.Function, "took", time.Since(started), "error", err)
	switch {
	case err != nil && f.Command == nil && !f.Run && ctx.Err() == context.DeadlineExceeded:
		return nil, failed(in.Function, "did not answer within "+c.Timeout.String(), "")
	case err != nil:
		return nil, err
	}
	value, err := devfile.JSON(result)
	if err != nil {
		return nil, failed(in.Function, "returned a result that "+err.Error(), "It came from "+from+".")
	}
	return &Output{value, from}, nil
}

// call returns a function's result, without white space around it, and what has answered.
func (c *Caller) call(ctx context.Context, s *installation.Session, f manifest.DevFunction, in Input, m manifest.Module) (result []byte, from string, err error) {
	switch {
	case f.Run:
		return c.resolve(ctx, s, in, m)
	case f.File != "":
		result, err = devfile.Fixture(c.Dir, f.File)
		return bytes.TrimSpace(result), f.File, err
	case f.ObjectStore != "":
		result, err = c.Objects.Call(s.Site.Number, f.ObjectStore, in.Payload, c.ObjectURL(in.Origin))
		return result, "the local object store", err
	}
	call, err := json.Marshal(struct {
		Function string               `json:"functionKey"`
		Payload  json.RawMessage      `json:"payload,omitempty"`
		Context  installation.Context `json:"context"`
	}{in.Function, in.Payload, s.Context(m, in.View)})
	if err != nil {
		return nil, "", err
	}
	if f.URL != "" {
		result, err = c.post(ctx, f.URL, in.Function, call)
		return bytes.TrimSpace(result), weburl.OriginOf(f.URL), err
	}
	result, err = c.run(ctx, f.Command, in.Function, call)
	return bytes.TrimSpace(result), f.Command[0], err
}

func (c *Caller) post(ctx context.Context, address, function string, call []byte) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(call))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	resp, err := c.Client.Do(r)
	if err != nil {
		return nil, failed(function, "could not be called at "+address, forward.WithoutURL(err).Error())
	}
	defer resp.Body.Close()
	result, err := io.ReadAll(io.LimitReader(resp.Body, platform.MaxResponse+1))
	switch {
	case err != nil:
		return nil, failed(function, "ended its answer early", err.Error())
	case len(result) > platform.MaxResponse:
		return nil, failed(function, "returned more than 5 MB", "")
	case resp.StatusCode < 200 || resp.StatusCode > 299:
		return nil, failed(function, "failed: "+address+" answered "+resp.Status, string(result[:min(len(result), 2000)]))
	}
	return result, nil
}

func (c *Caller) run(ctx context.Context, command []string, function string, call []byte) ([]byte, error) {
	terminal := supervise.NewOutput(c.Stderr).Lines(function)
	result, printed, err := supervise.Command{Args: command, Dir: c.Dir, Input: call, Errors: terminal}.Run(ctx)
	terminal.Flush()
	if err == nil {
		return result, nil
	}
	what := "failed: " + err.Error()
	if flood, ok := errors.AsType[*supervise.FloodError](err); ok {
		what = "was stopped: " + flood.Error()
	} else if errors.Is(err, context.DeadlineExceeded) {
		what = "did not answer within " + c.Timeout.String()
	} else if errors.Is(err, context.Canceled) {
		what = "was stopped because the page no longer waits for its result"
	} else if errors.Is(err, exec.ErrNotFound) {
		what = "could not be started: there is no program " + command[0]
	} else if text := failureLine(string(printed)); text != "" {
		what = "failed: " + text
		if signal := err.Error(); strings.HasPrefix(signal, "signal: ") {
			what = "failed: " + signal + ", after it wrote: " + text
		}
	}
	// The app may not show the error.
	_, _ = fmt.Fprintf(terminal, "The function %s\n", what)
	return nil, failed(function, what, withoutMiddle(string(printed)))
}

// failed returns the error of a function. The detail is for the developer only.
func failed(function, what, detail string) error {
	return &apierror.Error{Code: "FUNCTION_FAILED", Message: "The function " + function + " " + what, Detail: detail}
}
