package main

import (
	"context"
	"fmt"
	"net/url"
	"strconv"
	"time"

	"github.com/forgego/forgego/bridge"
)

// callTimeout bounds each call. It is longer than the 25 seconds after which the platform gives up invokeRemote by
// itself, so that the platform's own reason is the one that is shown.
const callTimeout = 30 * time.Second

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
	if err := t.call(ctx, bridge.Request{Path: "/tasks"}, &answer); err != nil {
		return nil, err
	}
	if answer.Tasks == nil {
		return nil, fmt.Errorf("%w: no list of tasks", bridge.ErrInvalidResponse)
	}
	return *answer.Tasks, nil
}

// add makes a task. The backend makes one for each key, however often it is asked.
func (t *tasks) add(ctx context.Context, name, key string) (task, error) {
	return t.task(ctx, bridge.Request{
		Method: "POST",
		Path:   "/tasks",
		Header: bridge.Header{"Idempotency-Key": {key}},
		Body:   bridge.JSON(map[string]string{"name": name}),
	})
}

// setDone completes a task or opens it again.
func (t *tasks) setDone(ctx context.Context, id string, done bool) (task, error) {
	return t.task(ctx, bridge.Request{
		Method: "PATCH",
		Path:   taskPath(id),
		Body:   bridge.JSON(map[string]bool{"done": done}),
	})
}

// delete removes a task for good.
func (t *tasks) delete(ctx context.Context, id string) error {
	return t.call(ctx, bridge.Request{Method: "DELETE", Path: taskPath(id)}, nil)
}

func taskPath(id string) string { return "/tasks/" + url.PathEscape(id) }

// task makes a call whose answer is one task.
func (t *tasks) task(ctx context.Context, request bridge.Request) (task, error) {
	var answer task
	if err := t.call(ctx, request, &answer); err != nil {
		return task{}, err
	}
	if answer.ID == "" {
		return task{}, fmt.Errorf("%w: a task without an id", bridge.ErrInvalidResponse)
	}
	return answer, nil
}

// call sends the request and reads the answer's JSON into answer, unless that is nil.
func (t *tasks) call(ctx context.Context, request bridge.Request, answer any) error {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	start := time.Now()
	response, err := t.way.send(ctx, request)
	t.took = time.Since(start)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if !response.OK() {
		return refused(response)
	}
	if answer == nil {
		return nil
	}
	return response.JSON(answer)
}

// trip says which way the last call took and how long, such as "by requestRemote in 12 ms".
func (t *tasks) trip() string {
	ms := max(1, t.took.Round(time.Millisecond).Milliseconds())
	return "by " + t.way.name + " in " + strconv.FormatInt(ms, 10) + " ms"
}
