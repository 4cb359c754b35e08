package tasks

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"time"

	"github.com/forgego/forgego/bridge"
)

const (
	// callTimeout limits each call. It is longer than the platform's limit for invokeRemote, 25 seconds, so that the
	// platform's own reason is shown.
	callTimeout = 30 * time.Second
	// offlineTimeout limits each call while the browser is offline: without a network, a new token only keeps the user waiting.
	offlineTimeout = 5 * time.Second
	// fileTimeout limits the transfer of a file, in both directions.
	fileTimeout = 2 * time.Minute
)

// errTooSlow ends a transfer that takes longer than fileTimeout.
var errTooSlow = errors.New("the file took too long")

// api calls the backend by one way. Make one for each action of the user: it stores the duration of its last call.
type api struct {
	way Way
	// direct is the client with [bridge.WithDirect].
	direct *bridge.Client
	// failed is called with the error of a call that failed; nil if nobody wants to know.
	failed func(err error)
	// limit is the longest time that a small call may take; 0 means callTimeout.
	limit time.Duration
	// took is how long the last call took, from the request to the whole answer.
	took time.Duration
}

// to sends a request by the way. It is a target of [bridge.Do].
func (a *api) to(ctx context.Context, r bridge.Request) (*bridge.Response, error) {
	switch a.way {
	case InvokeRemote:
		return bridge.InvokeRemote(ctx, r)
	case Direct:
		ctx = bridge.NewContext(ctx, a.direct)
	}
	return bridge.RequestRemote(ctx, RemoteKey, r)
}

// list returns all tasks, the oldest first.
func (a *api) list(ctx context.Context) ([]Task, error) {
	answer, err := call[struct{ Tasks *[]Task }](ctx, a, bridge.Request{Path: "/tasks"})
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
	header := bridge.Header{"Idempotency-Key": {key}}
	return a.task(ctx, bridge.Request{Method: "POST", Path: "/tasks", Header: header, Body: bridge.JSON(map[string]string{"name": name})})
}

// setDone completes a task or opens it again.
func (a *api) setDone(ctx context.Context, id string, done bool) (Task, error) {
	return a.task(ctx, bridge.Request{Method: "PATCH", Path: taskPath(id), Body: bridge.JSON(map[string]bool{"done": done})})
}

// rename changes the name of a task. If somebody else has renamed it since, it changes nothing: see changedMeanwhile.
func (a *api) rename(ctx context.Context, t Task, name string) (Task, error) {
	body := bridge.JSON(map[string]string{"name": name})
	return retryUnless(t, func(old, now Task) bool { return old.Name != now.Name }, func(from Task) (Task, error) {
		return a.task(ctx, bridge.Request{Method: "PATCH", Path: taskPath(t.ID), Header: bridge.Header{"If-Match": {from.tag()}}, Body: body})
	})
}

// hasOtherFile reports whether the task has a file that the user has not seen.
func hasOtherFile(old, now Task) bool { return now.HasFile() && old.File != now.File }

// tag returns the task's version as If-Match names it. If the task has another version, the backend refuses the change.
func (t Task) tag() string { return `"` + strconv.FormatInt(t.Version, 10) + `"` }

// changedMeanwhile returns the task as it is now, if the error says that it was changed since the version of the request.
func changedMeanwhile(err error) (now Task, ok bool) {
	refused, ok := errors.AsType[*bridge.StatusError](err)
	if !ok || refused.Status != 412 {
		return Task{}, false
	}
	var body struct {
		Task Task `json:"task"`
	}
	ok = json.Unmarshal(refused.Body, &body) == nil && body.Task.check() == nil
	return body.Task, ok
}

// retryUnless makes a change of a task. If the task was changed meanwhile, but not so that differs reports true, it repeats the
// change from the task as it is now.
func retryUnless(t Task, differs func(old, now Task) bool, change func(from Task) (Task, error)) (changed Task, err error) {
	from := t
	for range 5 {
		changed, err = change(from)
		now, ok := changedMeanwhile(err)
		if !ok || differs(t, now) {
			break
		}
		from = now
	}
	return changed, err
}

// restore brings a deleted task back. It also returns the id of the task before it, or "" if it is the first.
func (a *api) restore(ctx context.Context, id string) (t Task, after string, err error) {
	answer, err := call[struct {
		Task  Task
		After string
	}](ctx, a, bridge.Request{Method: "POST", Path: taskPath(id) + "/restore"})
	if err == nil {
		err = answer.Task.check()
	}
	return answer.Task, answer.After, err
}

// delete removes a task. For a while it can be brought back.
func (a *api) delete(ctx context.Context, id string) error {
	_, err := call[struct{}](ctx, a, bridge.Request{Method: "DELETE", Path: taskPath(id)})
	return err
}

// attach uploads a file for a task and replaces its older one, unless the task has another file meanwhile: see changedMeanwhile.
// It works only with direct requests.
func (a *api) attach(ctx context.Context, t Task, f upload) (Task, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, fileTimeout, errTooSlow)
	defer cancel()
	return retryUnless(t, hasOtherFile, func(from Task) (Task, error) {
		header := bridge.Header{"Content-Type": {f.mediaType()}, "X-File-Name": {url.PathEscape(f.name)}, "If-Match": {from.tag()}}
		changed, err := do[Task](ctx, a, bridge.Request{Method: "PUT", Path: filePath(t.ID), Header: header, Body: bridge.Bytes(f.data)})
		if err == nil {
			err = changed.check()
		}
		return changed, err
	})
}

// download returns a task's file and a name for it. It works only with direct requests.
func (a *api) download(ctx context.Context, of Task) (name string, data []byte, err error) {
	ctx, cancel := context.WithTimeoutCause(ctx, fileTimeout, errTooSlow)
	defer cancel()
	defer a.measure(time.Now())
	response, err := a.to(ctx, bridge.Request{Path: filePath(of.ID)})
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

// removeFile removes a task's file, unless the task has another file meanwhile: see changedMeanwhile.
func (a *api) removeFile(ctx context.Context, t Task) (Task, error) {
	return retryUnless(t, hasOtherFile, func(from Task) (Task, error) {
		return a.task(ctx, bridge.Request{Method: "DELETE", Path: filePath(t.ID), Header: bridge.Header{"If-Match": {from.tag()}}})
	})
}

func taskPath(id string) string { return "/tasks/" + url.PathEscape(id) }

func filePath(id string) string { return taskPath(id) + "/file" }

// task makes a small call whose answer is one task.
func (a *api) task(ctx context.Context, request bridge.Request) (Task, error) {
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
func call[T any](ctx context.Context, a *api, request bridge.Request) (T, error) {
	ctx, cancel := context.WithTimeout(ctx, cmp.Or(a.limit, callTimeout))
	defer cancel()
	return do[T](ctx, a, request)
}

// do sends the request and returns the JSON of the answer.
func do[T any](ctx context.Context, a *api, request bridge.Request) (T, error) {
	defer a.measure(time.Now())
	answer, err := bridge.Do[T](ctx, a.to, request)
	if err != nil && a.failed != nil {
		a.failed(err)
	}
	return answer, err
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
