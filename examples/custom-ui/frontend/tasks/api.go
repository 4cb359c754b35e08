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
	var answer struct {
		Tasks *[]Task `json:"tasks"`
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	err := a.do(ctx, Request{Path: "/tasks"}, func(response *bridge.Response) error { return response.JSON(&answer) })
	if err != nil {
		return nil, err
	}
	if answer.Tasks == nil {
		return nil, fmt.Errorf("%w: no list of tasks", bridge.ErrInvalidResponse)
	}
	return *answer.Tasks, nil
}

// add makes a task. The backend makes only one task for each key, even if it gets several requests.
func (a *api) add(ctx context.Context, name, key string) (Task, error) {
	request := withJSON("POST", "/tasks", map[string]string{"name": name})
	request.Header.Set("Idempotency-Key", key)
	return a.call(ctx, request)
}

// setDone completes a task or opens it again.
func (a *api) setDone(ctx context.Context, id string, done bool) (Task, error) {
	return a.call(ctx, withJSON("PATCH", taskPath(id), map[string]bool{"done": done}))
}

// rename returns a task another name.
func (a *api) rename(ctx context.Context, id, name string) (Task, error) {
	return a.call(ctx, withJSON("PATCH", taskPath(id), map[string]string{"name": name}))
}

// restore brings a deleted task back. It also returns the id of the task before it, or "" if it is the first.
func (a *api) restore(ctx context.Context, id string) (t Task, after string, err error) {
	var answer struct {
		Task  Task   `json:"task"`
		After string `json:"after"`
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	request := Request{Method: "POST", Path: taskPath(id) + "/restore"}
	err = a.do(ctx, request, func(response *bridge.Response) error { return response.JSON(&answer) })
	if err == nil && answer.Task.ID == "" {
		err = fmt.Errorf("%w: a task without an id", bridge.ErrInvalidResponse)
	}
	return answer.Task, answer.After, err
}

// delete removes a task. For a while it can be brought back.
func (a *api) delete(ctx context.Context, id string) error {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	return a.do(ctx, Request{Method: "DELETE", Path: taskPath(id)}, func(*bridge.Response) error { return nil })
}

// attach uploads a file for a task and replaces an older one. It works only with direct requests.
func (a *api) attach(ctx context.Context, id string, f upload) (Task, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, fileTimeout, errTooSlow)
	defer cancel()
	return a.task(ctx, Request{
		Method: "PUT",
		Path:   filePath(id),
		Header: bridge.Header{"Content-Type": {f.mediaType()}, "X-File-Name": {url.PathEscape(f.name)}},
		Body:   f.data,
	})
}

// download returns a task's file and a name for it. It works only with direct requests.
func (a *api) download(ctx context.Context, of Task) (name string, data []byte, err error) {
	ctx, cancel := context.WithTimeoutCause(ctx, fileTimeout, errTooSlow)
	defer cancel()
	err = a.do(ctx, Request{Path: filePath(of.ID)}, func(response *bridge.Response) error {
		name = downloadName(response.Header.Get("Content-Disposition"), of.File.Name)
		data, err = io.ReadAll(io.LimitReader(response.Body, maxFile+1))
		if err == nil && len(data) > maxFile {
			err = fmt.Errorf("%w: a file of more than %d bytes", bridge.ErrInvalidResponse, maxFile)
		}
		return err
	})
	return name, data, err
}

// removeFile removes a task's file.
func (a *api) removeFile(ctx context.Context, id string) (Task, error) {
	return a.call(ctx, Request{Method: "DELETE", Path: filePath(id)})
}

// withJSON returns a request whose body is v, which always has a JSON form here.
func withJSON(method, path string, v any) Request {
	data, _ := json.Marshal(v)
	return Request{Method: method, Path: path, Header: bridge.Header{"Content-Type": {"application/json"}}, Body: data}
}

func taskPath(id string) string { return "/tasks/" + url.PathEscape(id) }

func filePath(id string) string { return taskPath(id) + "/file" }

// call makes a small call whose answer is one task.
func (a *api) call(ctx context.Context, request Request) (Task, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	return a.task(ctx, request)
}

// task makes a call whose answer is one task.
func (a *api) task(ctx context.Context, request Request) (Task, error) {
	var answer Task
	err := a.do(ctx, request, func(response *bridge.Response) error { return response.JSON(&answer) })
	if err != nil {
		return Task{}, err
	}
	if answer.ID == "" {
		return Task{}, fmt.Errorf("%w: a task without an id", bridge.ErrInvalidResponse)
	}
	return answer, nil
}

// do sends the request. If the answer is a success, it calls read.
func (a *api) do(ctx context.Context, request Request, read func(response *bridge.Response) error) error {
	start := time.Now()
	defer func() { a.took = time.Since(start) }()
	response, err := a.send(ctx, request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if !response.OK() {
		return refused(response)
	}
	return read(response)
}

// refusal is an answer of the backend that is not a success.
type refusal struct {
	status int
	// message is the backend's text for the user; it may be empty.
	message string
	// retryAfter is the wait that the backend asks for, or 0.
	retryAfter time.Duration
	// err is the response's own error, for errors.Is.
	err error
}

func (r *refusal) Error() string { return r.err.Error() }

func (r *refusal) Unwrap() error { return r.err }

// refused reads a response that is not OK.
func refused(response *bridge.Response) *refusal {
	r := &refusal{status: response.Status, retryAfter: response.RetryAfter(), err: response.Err()}
	var body struct {
		Error string `json:"error"`
	}
	// The text of a proxy is not for users.
	if response.JSON(&body) == nil {
		r.message = body.Error
	}
	return r
}

// isGone reports whether the backend answered that there is no such task. A 404 without the backend's text is from a proxy.
func isGone(err error) bool {
	var r *refusal
	return errors.As(err, &r) && r.status == 404 && r.message != ""
}

// badInput returns the refusal if the backend did not accept a name, and nil for other errors.
func badInput(err error) *refusal {
	var r *refusal
	if errors.As(err, &r) && r.status == 400 && r.message != "" {
		return r
	}
	return nil
}
