package tasks

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"time"

	"github.com/forgego/forgego/bridge"
)

const (
	// callTimeout limits each call. It is longer than the platform's limit for invokeRemote, 25 seconds, so that the
	// platform's own reason is shown.
	callTimeout = 30 * time.Second
	// fileTimeout limits the transfer of a file, in both directions.
	fileTimeout = 2 * time.Minute
)

// errTooSlow ends a transfer that takes longer than fileTimeout.
var errTooSlow = errors.New("the file took too long")

// api calls the backend by one way. Make one for each action of the user: it stores the duration of its last call.
type api struct {
	way  Way
	send Sender
	// took is how long the last call took, from the request to the whole answer.
	took time.Duration
}

// list returns all tasks, the oldest first.
func (a *api) list(ctx context.Context) ([]Task, error) {
	answer, err := call[struct {
		Tasks *[]Task `json:"tasks"`
	}](ctx, a, Request{Path: "/tasks"})
	if err == nil && answer.Tasks == nil {
		err = fmt.Errorf("%w: no list of tasks", bridge.ErrInvalidResponse)
	}
	if err != nil {
		return nil, err
	}
	return *answer.Tasks, nil
}

// add makes a task. The backend makes only one task for each key, even if it gets several requests.
func (a *api) add(ctx context.Context, name, key string) (Task, error) {
	request := withJSON("POST", "/tasks", map[string]string{"name": name})
	request.Header.Set("Idempotency-Key", key)
	return a.task(ctx, request)
}

// setDone completes a task or opens it again.
func (a *api) setDone(ctx context.Context, id string, done bool) (Task, error) {
	return a.task(ctx, withJSON("PATCH", taskPath(id), map[string]bool{"done": done}))
}

// rename returns a task another name.
func (a *api) rename(ctx context.Context, id, name string) (Task, error) {
	return a.task(ctx, withJSON("PATCH", taskPath(id), map[string]string{"name": name}))
}

// restore brings a deleted task back. It also returns the id of the task before it, or "" if it is the first.
func (a *api) restore(ctx context.Context, id string) (t Task, after string, err error) {
	answer, err := call[struct {
		Task  Task   `json:"task"`
		After string `json:"after"`
	}](ctx, a, Request{Method: "POST", Path: taskPath(id) + "/restore"})
	if err == nil {
		err = answer.Task.check()
	}
	return answer.Task, answer.After, err
}

// delete removes a task. For a while it can be brought back.
func (a *api) delete(ctx context.Context, id string) error {
	_, err := call[struct{}](ctx, a, Request{Method: "DELETE", Path: taskPath(id)})
	return err
}

// attach uploads a file for a task and replaces an older one. It works only with direct requests.
func (a *api) attach(ctx context.Context, id string, f upload) (Task, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, fileTimeout, errTooSlow)
	defer cancel()
	t, err := do[Task](ctx, a, Request{
		Method: "PUT",
		Path:   filePath(id),
		Header: bridge.Header{"Content-Type": {f.mediaType()}, "X-File-Name": {url.PathEscape(f.name)}},
		Body:   f.data,
	})
	if err == nil {
		err = t.check()
	}
	return t, err
}

// download returns a task's file and a name for it. It works only with direct requests.
func (a *api) download(ctx context.Context, of Task) (name string, data []byte, err error) {
	ctx, cancel := context.WithTimeoutCause(ctx, fileTimeout, errTooSlow)
	defer cancel()
	defer a.measure(time.Now())
	response, err := a.send(ctx, Request{Path: filePath(of.ID)})
	if err != nil {
		return "", nil, err
	}
	defer response.Body.Close()
	if err := response.Err(); err != nil {
		return "", nil, err
	}
	data, err = io.ReadAll(io.LimitReader(response.Body, maxFile+1))
	if err == nil && len(data) > maxFile {
		err = fmt.Errorf("%w: a file of more than %d bytes", bridge.ErrInvalidResponse, maxFile)
	}
	return downloadName(response.Header.Get("Content-Disposition"), of.File.Name), data, err
}

// removeFile removes a task's file.
func (a *api) removeFile(ctx context.Context, id string) (Task, error) {
	return a.task(ctx, Request{Method: "DELETE", Path: filePath(id)})
}

// withJSON returns a request whose body is v, which always has a JSON form here.
func withJSON(method, path string, v any) Request {
	data, _ := json.Marshal(v)
	return Request{Method: method, Path: path, Header: bridge.Header{"Content-Type": {"application/json"}}, Body: data}
}

func taskPath(id string) string { return "/tasks/" + url.PathEscape(id) }

func filePath(id string) string { return taskPath(id) + "/file" }

// task makes a small call whose answer is one task.
func (a *api) task(ctx context.Context, request Request) (Task, error) {
	t, err := call[Task](ctx, a, request)
	if err == nil {
		err = t.check()
	}
	return t, err
}

// check returns an error if the backend cannot have sent the task.
func (t Task) check() error {
	if t.ID == "" {
		return fmt.Errorf("%w: a task without an id", bridge.ErrInvalidResponse)
	}
	return nil
}

// call makes a small call and returns the JSON of the answer.
func call[T any](ctx context.Context, a *api, request Request) (T, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	return do[T](ctx, a, request)
}

// do sends the request and returns the JSON of the answer.
func do[T any](ctx context.Context, a *api, request Request) (T, error) {
	defer a.measure(time.Now())
	return bridge.Do[T](ctx, a.send.target(request), bridge.Request{})
}

func (a *api) measure(start time.Time) { a.took = time.Since(start) }

// isGone reports whether the backend answered that there is no such task. A 404 without the backend's text is from a proxy.
func isGone(err error) bool {
	refused, ok := errors.AsType[*bridge.StatusError](err)
	return ok && refused.Status == 404 && refused.Message != ""
}

// badInput returns the refusal if the backend did not accept a name, and nil for other errors.
func badInput(err error) *bridge.StatusError {
	if refused, ok := errors.AsType[*bridge.StatusError](err); ok && refused.Status == 400 && refused.Message != "" {
		return refused
	}
	return nil
}
