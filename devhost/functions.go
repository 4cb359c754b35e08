package devhost

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"strings"
	"time"

	"github.com/forgego/forgego/internal/manifest"
	"github.com/forgego/forgego/internal/supervise"
)

// functionInput is a call of a function of the app's resolver.
type functionInput struct {
	ModuleKey string          `json:"moduleKey"`
	Function  string          `json:"functionKey"`
	Payload   json.RawMessage `json:"payload"`
}

// functionOutput is the function's result; nil is undefined.
type functionOutput struct {
	Result json.RawMessage `json:"result,omitempty"`
	From   string          `json:"from"`
}

func (h *Host) answerFunction(ctx context.Context, in functionInput) (*functionOutput, error) {
	dev, err := h.dev()
	if err != nil {
		return nil, err
	}
	f, ok := dev.Functions[in.Function]
	if !ok {
		f, ok = dev.Functions["*"]
	}
	if !ok {
		return nil, &apiError{Code: "FUNCTIONS_UNAVAILABLE", Message: fmt.Sprintf(`The local host runs no Forge functions, so invoke(%[1]q) has nothing to call. Write into forgego.yml what answers it:

functions:
  %[2]s:
    file: fixtures/answer.json

Instead of file it may be a url that gets {functionKey, payload, context} by POST, or a command that reads it.`, in.Function, yamlKey(in.Function))}
	}
	module, err := h.module(in.ModuleKey)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, h.options.InvokeTimeout)
	defer cancel()
	started := time.Now()
	result, from, err := h.callFunction(ctx, f, in, module)
	h.log.Debug("invoke", "module", module.Key, "function", in.Function, "took", time.Since(started), "error", err)
	switch {
	case err != nil && f.Command == nil && ctx.Err() == context.DeadlineExceeded:
		return nil, functionError(in.Function, "did not answer within "+h.options.InvokeTimeout.String(), "")
	case err != nil:
		return nil, err
	}
	value, err := jsonText(result)
	if err != nil {
		return nil, functionError(in.Function, "gave a result that "+err.Error(), "It came from "+from+".")
	}
	return &functionOutput{value, from}, nil
}

// callFunction gives a function's result as JSON, with white space around it removed, and what gave it.
func (h *Host) callFunction(ctx context.Context, f manifest.DevFunction, in functionInput, m manifest.Module) (result []byte, from string, err error) {
	switch {
	case f.File != "":
		result, err = h.readFixture(f.File)
		return bytes.TrimSpace(result), f.File, err
	case f.ObjectStore != "":
		result, err = h.objects.serve(f.ObjectStore, in.Payload)
		return result, "the local object store", err
	}
	call, err := json.Marshal(struct {
		Function string          `json:"functionKey"`
		Payload  json.RawMessage `json:"payload,omitempty"`
		Context  moduleContext   `json:"context"`
	}{in.Function, in.Payload, h.contextOf(m)})
	if err != nil {
		return nil, "", err
	}
	if f.URL != "" {
		result, err = h.postFunction(ctx, f.URL, in.Function, call)
		return bytes.TrimSpace(result), originOf(f.URL), err
	}
	result, err = h.runFunction(ctx, f.Command, in.Function, call)
	return bytes.TrimSpace(result), f.Command[0], err
}

// maxResult is as large as the largest answer to invokeRemote; of functions Atlassian gives the same limit.
const maxResult = 5 << 20

func (h *Host) postFunction(ctx context.Context, address, function string, call []byte) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(call))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	resp, err := h.forwarder().Do(r)
	if err != nil {
		return nil, functionError(function, "could not be called at "+address, withoutURL(err).Error())
	}
	defer resp.Body.Close()
	result, err := io.ReadAll(io.LimitReader(resp.Body, maxResult+1))
	switch {
	case err != nil:
		return nil, functionError(function, "broke off its answer", err.Error())
	case len(result) > maxResult:
		return nil, functionError(function, "gave more than 5 MB", "")
	case resp.StatusCode < 200 || resp.StatusCode > 299:
		return nil, functionError(function, "failed: "+address+" answered "+resp.Status, string(result[:min(len(result), 2000)]))
	}
	return result, nil
}

func (h *Host) runFunction(ctx context.Context, command []string, function string, call []byte) ([]byte, error) {
	terminal := supervise.NewOutput(h.options.Stderr).Lines(function)
	result, printed, err := supervise.Command{Args: command, Dir: h.manifest.Dir, Input: call, Errors: terminal}.Run(ctx)
	terminal.Flush()
	if err == nil {
		return result, nil
	}
	what := "failed: " + err.Error()
	if flood, ok := errors.AsType[*supervise.FloodError](err); ok {
		what = "was stopped: " + flood.Error()
	} else if errors.Is(err, context.DeadlineExceeded) {
		what = "did not answer within " + h.options.InvokeTimeout.String()
	} else if errors.Is(err, context.Canceled) {
		what = "was stopped: nobody waits for its result any longer"
	} else if errors.Is(err, exec.ErrNotFound) {
		what = "could not be started: there is no program " + command[0]
	} else if text := failure(string(printed)); text != "" {
		what = "failed: " + text
		if signal := err.Error(); strings.HasPrefix(signal, "signal: ") {
			what = "failed: " + signal + ", after it wrote: " + text
		}
	}
	// The app may show nothing of it.
	_, _ = fmt.Fprintf(terminal, "The function %s\n", what)
	return nil, functionError(function, what, shortened(string(printed)))
}

// functionError is what the app gets, beside what only the developer does.
func functionError(function, what, detail string) error {
	return &apiError{Code: "FUNCTION_FAILED", Message: "The function " + function + " " + what, Detail: detail}
}

// yamlKey returns a text as a key in YAML: as it is where it is read so, and else in quotes.
func yamlKey(text string) string {
	value, err := manifest.ParseYAML("", []byte(text+": x"))
	if _, ok := member[any](value, text).(string); ok && err == nil && text != "" {
		return text
	}
	quoted, err := json.Marshal(text)
	if err != nil {
		return "FUNCTION"
	}
	return string(quoted)
}
