package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/forgego/forgego/remote/remotetest"
)

const (
	// patience is the time limit for one request, including its retries.
	patience = 20 * time.Second
	// retryPause is the time that a client waits before it tries again.
	retryPause = 20 * time.Millisecond
	// tokenTime is the time that a client uses a token. A token is valid for 25 seconds.
	tokenTime = 10 * time.Second
	// maxTasks is the maximum number of tasks of a client, so that the lists do not grow.
	maxTasks = 15
)

// task is a task in the form of the backend.
type task struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Done bool   `json:"done"`
}

// client sends one request after another, and knows its tasks from the answers. Other clients of its installation also have
// tasks. They do not change the tasks of this client.
type client struct {
	number       int
	installation string
	backend      *backend
	http         *http.Client

	token   string
	tokenAt time.Time

	tasks map[string]task
	ids   []string // of tasks, in no order
	made  int

	took           []time.Duration
	added, removed int
	retries        int
	missing        int // own tasks that were missing in a list
	errors         []error
}

func newClient(number int, installation string, b *backend, c *http.Client) *client {
	return &client{number: number, installation: installation, backend: b, http: c, tasks: make(map[string]task)}
}

// work sends requests until the time end, and at least a number of requests. It stops if ctx ends. Two of five requests
// only read.
func (c *client) work(ctx context.Context, end time.Time, least int) {
	for ctx.Err() == nil && (time.Now().Before(end) || len(c.took) < least) {
		began := time.Now()
		var err error
		switch choice := rand.IntN(10); {
		case len(c.ids) == 0 || choice < 3 && len(c.ids) < maxTasks:
			err = c.add(ctx)
		case choice < 6:
			err = c.mark(ctx, c.any())
		case choice < 8 && len(c.ids) > maxTasks/2:
			err = c.remove(ctx, c.any())
		default:
			err = c.look(ctx)
		}
		if ctx.Err() != nil {
			return
		}
		c.took = append(c.took, time.Since(began))
		if err != nil {
			c.errors = append(c.errors, err)
		}
	}
}

// any returns the id of one of the client's tasks.
func (c *client) any() string { return c.ids[rand.IntN(len(c.ids))] }

func (c *client) add(ctx context.Context) error {
	c.made++
	name := fmt.Sprintf("task %d of client %d", c.made, c.number)
	var t task
	// Each task has a unique name, so that a task that was added twice is detected.
	_, err := c.send(ctx, http.MethodPost, "/tasks", `{"name":"`+name+`"}`, name, &t, http.StatusCreated, http.StatusOK)
	if err != nil {
		return err
	}
	if t.Name != name || t.Done || t.ID == "" {
		return fmt.Errorf("added %q, and the answer is %+v", name, t)
	}
	c.added++
	c.tasks[t.ID] = t
	c.ids = append(c.ids, t.ID)
	return nil
}

func (c *client) mark(ctx context.Context, id string) error {
	want := c.tasks[id]
	want.Done = !want.Done
	var t task
	_, err := c.send(ctx, http.MethodPatch, "/tasks/"+id, fmt.Sprintf(`{"done":%v}`, want.Done), "", &t, http.StatusOK)
	if err != nil {
		return err
	}
	if t != want {
		return fmt.Errorf("marked %+v, and the answer is %+v", want, t)
	}
	c.tasks[id] = t
	return nil
}

func (c *client) remove(ctx context.Context, id string) error {
	want := []int{http.StatusNoContent}
	retries := c.retries
	status, err := c.send(ctx, http.MethodDelete, "/tasks/"+id, "", "", nil, append(want, http.StatusNotFound)...)
	if err != nil {
		return err
	}
	if status == http.StatusNotFound && c.retries == retries {
		return fmt.Errorf("task %s is not there to be deleted", id)
	}
	c.removed++
	delete(c.tasks, id)
	i := slices.Index(c.ids, id)
	c.ids = slices.Delete(c.ids, i, i+1)
	return nil
}

// look reads the list. The list must contain all tasks that the client knows.
func (c *client) look(ctx context.Context) error {
	all, err := c.list(ctx)
	if err != nil {
		return err
	}
	there := make(map[string]task, len(all))
	for _, t := range all {
		there[t.ID] = t
	}
	for id, t := range c.tasks {
		if there[id] != t {
			c.missing++
		}
	}
	return nil
}

func (c *client) list(ctx context.Context) ([]task, error) {
	var all struct{ Tasks []task }
	_, err := c.send(ctx, http.MethodGet, "/tasks", "", "", &all, http.StatusOK)
	return all.Tasks, err
}

// send sends a request until there is an answer, and decodes the answer. A refused or broken connection is not an error,
// because the backend restarts: send sends the same request again. The status must be one of want.
func (c *client) send(ctx context.Context, method, path, body, key string, into any, want ...int) (status int, err error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		var data []byte
		status, data, err = c.try(ctx, method, path, body, key)
		if err == nil {
			if !slices.Contains(want, status) {
				return status, fmt.Errorf("%s %s: %d %s", method, path, status, data)
			}
			if into != nil {
				err = json.Unmarshal(data, into)
			}
			return status, err
		}
		c.retries++
		select {
		case <-time.After(retryPause):
		case <-ctx.Done():
			return 0, fmt.Errorf("%s %s: no answer in %v: %w", method, path, patience, err)
		}
	}
}

func (c *client) try(ctx context.Context, method, path, body, key string) (status int, data []byte, err error) {
	r, err := http.NewRequestWithContext(ctx, method, "http://"+c.backend.addr+path, strings.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	if time.Since(c.tokenAt) > tokenTime {
		c.token, c.tokenAt = c.backend.issuer.Token(remotetest.WithInstallation(c.installation)), time.Now()
	}
	r.Header.Set("Authorization", "Bearer "+c.token)
	if key != "" {
		r.Header.Set("Idempotency-Key", key)
	}
	response, err := c.http.Do(r)
	if err != nil {
		return 0, nil, err
	}
	data, err = io.ReadAll(response.Body)
	return response.StatusCode, data, errors.Join(err, response.Body.Close())
}
