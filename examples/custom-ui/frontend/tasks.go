package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"time"

	"github.com/forgego/forgego/bridge"
)

const (
	// callTimeout bounds each call. It is longer than the 25 seconds after which the platform gives up invokeRemote by
	// itself, so that the platform's own reason is the one that is shown.
	callTimeout = 30 * time.Second
	// fileTimeout bounds how long a file may be on its way, in either direction.
	fileTimeout = 2 * time.Minute
)

// errTooSlow is the cause of the end of a transfer that took longer than fileTimeout.
var errTooSlow = errors.New("the file took too long")

// tasks is the backend's API by one way. Make one for each action of the user: it keeps the time of its last call.
type tasks struct {
	way way
	// took is how long the last call took, from the request to the whole answer.
	took time.Duration
}

// list gives all tasks, the oldest first.
func (t *tasks) list(ctx context.Context) ([]task, error) {
	var answer struct {
		Tasks *[]task `json:"tasks"`
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	err := t.send(ctx, bridge.Request{Path: "/tasks"}, func(response *bridge.Response) error { return response.JSON(&answer) })
	if err != nil {
		return nil, err
	}
	if answer.Tasks == nil {
		return nil, fmt.Errorf("%w: no list of tasks", bridge.ErrInvalidResponse)
	}
	return *answer.Tasks, nil
}

// add makes a task. The backend makes one for each key, however often it is asked.
func (t *tasks) add(ctx context.Context, name, key string) (task, error) {
	return t.call(ctx, bridge.Request{
		Method: "POST",
		Path:   "/tasks",
		Header: bridge.Header{"Idempotency-Key": {key}},
		Body:   bridge.JSON(map[string]string{"name": name}),
	})
}

// setDone completes a task or opens it again.
func (t *tasks) setDone(ctx context.Context, id string, done bool) (task, error) {
	return t.call(ctx, bridge.Request{
		Method: "PATCH",
		Path:   taskPath(id),
		Body:   bridge.JSON(map[string]bool{"done": done}),
	})
}

// delete removes a task for good.
func (t *tasks) delete(ctx context.Context, id string) error {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	return t.send(ctx, bridge.Request{Method: "DELETE", Path: taskPath(id)}, func(*bridge.Response) error { return nil })
}

// attach gives a task a file, in place of the one that it may have. By direct only.
func (t *tasks) attach(ctx context.Context, id string, f upload) (task, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, fileTimeout, errTooSlow)
	defer cancel()
	return t.task(ctx, bridge.Request{
		Method: "PUT",
		Path:   filePath(id),
		Header: bridge.Header{"Content-Type": {f.mediaType()}, "X-File-Name": {url.PathEscape(f.name)}},
		Body:   bridge.Bytes(f.data),
	})
}

// download gives a task's file and the name to save it under. By direct only.
func (t *tasks) download(ctx context.Context, of task) (name string, data []byte, err error) {
	ctx, cancel := context.WithTimeoutCause(ctx, fileTimeout, errTooSlow)
	defer cancel()
	err = t.send(ctx, bridge.Request{Path: filePath(of.ID)}, func(response *bridge.Response) error {
		name = downloadName(response.Header.Get("Content-Disposition"), of.File.Name)
		data, err = io.ReadAll(io.LimitReader(response.Body, maxFile+1))
		if err == nil && len(data) > maxFile {
			err = fmt.Errorf("%w: a file of more than %s", bridge.ErrInvalidResponse, sizeText(maxFile))
		}
		return err
	})
	return name, data, err
}

// removeFile takes a task's file away.
func (t *tasks) removeFile(ctx context.Context, id string) (task, error) {
	return t.call(ctx, bridge.Request{Method: "DELETE", Path: filePath(id)})
}

func taskPath(id string) string { return "/tasks/" + url.PathEscape(id) }

func filePath(id string) string { return taskPath(id) + "/file" }

// call makes a small call whose answer is one task.
func (t *tasks) call(ctx context.Context, request bridge.Request) (task, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	return t.task(ctx, request)
}

// task makes a call whose answer is one task.
func (t *tasks) task(ctx context.Context, request bridge.Request) (task, error) {
	var answer task
	err := t.send(ctx, request, func(response *bridge.Response) error { return response.JSON(&answer) })
	if err != nil {
		return task{}, err
	}
	if answer.ID == "" {
		return task{}, fmt.Errorf("%w: a task without an id", bridge.ErrInvalidResponse)
	}
	return answer, nil
}

// send sends the request and has a success read by read.
func (t *tasks) send(ctx context.Context, request bridge.Request, read func(response *bridge.Response) error) error {
	start := time.Now()
	defer func() { t.took = time.Since(start) }()
	response, err := t.way.send(ctx, request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if !response.OK() {
		return refused(response)
	}
	return read(response)
}

// trip says which way the last call took and how long, such as "by requestRemote in 12 ms".
func (t *tasks) trip() string {
	ms := max(1, t.took.Round(time.Millisecond).Milliseconds())
	return "by " + t.way.name + " in " + strconv.FormatInt(ms, 10) + " ms"
}
