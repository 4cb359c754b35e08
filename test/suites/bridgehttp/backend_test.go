package bridgehttp

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/types/known/structpb"
)

// task is a task of testdata/openapi.yaml.
type task struct {
	ID     int      `json:"id"`
	Team   string   `json:"team"`
	Title  string   `json:"title"`
	Labels []string `json:"labels,omitempty"`
}

type backend struct {
	mu    sync.Mutex
	next  int
	tasks map[int]task
	files map[string][]byte
}

func newBackend() http.Handler {
	b := &backend{tasks: map[int]task{}, files: map[string][]byte{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /teams/{team}/tasks", b.list)
	mux.HandleFunc("POST /teams/{team}/tasks", b.create)
	mux.HandleFunc("GET /tasks/{id}", b.get)
	mux.HandleFunc("DELETE /tasks/{id}", b.delete)
	mux.HandleFunc("PUT /tasks/{id}/file", b.putFile)
	mux.HandleFunc("GET /tasks/{id}/file", b.getFile)
	mux.Handle("/tasks.v1.TaskService/Greet", connect.NewUnaryHandler("/tasks.v1.TaskService/Greet", greet))
	mux.HandleFunc("/seen/", seen)
	mux.HandleFunc("/gzip", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		_, _ = io.WriteString(z, `{}`)
		_ = z.Close()
	})
	mux.HandleFunc("/redirect", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", "/api/v1/seen/")
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusFound)
		_, _ = io.WriteString(w, `{}`)
	})
	mux.HandleFunc("/401", func(w http.ResponseWriter, _ *http.Request) { answer(w, http.StatusUnauthorized, "no") })
	mux.HandleFunc("/404", http.NotFound)
	mux.HandleFunc("/never", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	mux.HandleFunc("/endless", func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "{")
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	})
	return http.StripPrefix("/api/v1", mux)
}

func answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}

func problem(w http.ResponseWriter, status int, message string) {
	answer(w, status, map[string]string{"message": message})
}

func (b *backend) list(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	defer b.mu.Unlock()
	found := []task{}
	for _, t := range b.tasks {
		if t.Team == r.PathValue("team") && slices.Equal(t.Labels, r.URL.Query()["label"]) && r.URL.Query().Get("limit") == "5" {
			found = append(found, t)
		}
	}
	w.Header().Set("X-Request-Id", r.Header.Get("X-Request-Id"))
	answer(w, http.StatusOK, found)
}

func (b *backend) create(w http.ResponseWriter, r *http.Request) {
	var t task
	if err := json.NewDecoder(r.Body).Decode(&t); err != nil || t.Title == "" || r.Header.Get("Content-Type") != "application/json" {
		problem(w, http.StatusUnprocessableEntity, "a task needs a title")
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.next++
	t.ID, t.Team = b.next, r.PathValue("team")
	b.tasks[t.ID] = t
	answer(w, http.StatusCreated, t)
}

func (b *backend) get(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	defer b.mu.Unlock()
	id, _ := strconv.Atoi(r.PathValue("id"))
	t, ok := b.tasks[id]
	if !ok {
		problem(w, http.StatusNotFound, "no such task")
		return
	}
	answer(w, http.StatusOK, t)
}

func (b *backend) delete(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	defer b.mu.Unlock()
	id, _ := strconv.Atoi(r.PathValue("id"))
	delete(b.tasks, id)
	w.WriteHeader(http.StatusNoContent)
}

func (b *backend) putFile(w http.ResponseWriter, r *http.Request) {
	var body io.Reader = r.Body
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		file, _, err := r.FormFile("file")
		if err != nil {
			problem(w, http.StatusBadRequest, err.Error())
			return
		}
		defer file.Close()
		body = file
	}
	data, err := io.ReadAll(body)
	if err != nil {
		problem(w, http.StatusBadRequest, err.Error())
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.files[r.PathValue("id")] = data
	w.WriteHeader(http.StatusNoContent)
}

func (b *backend) getFile(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	defer b.mu.Unlock()
	w.Header().Set("Content-Type", "application/octet-stream")
	_, _ = w.Write(b.files[r.PathValue("id")])
}

// seen answers with an empty JSON object, and with what arrived in the header field X-Seen.
func seen(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	text := fmt.Sprintf("%s %s %q %q %x %q", r.Method, r.RequestURI, r.Header.Get("Content-Type"), r.Header["X-Two"], r.Header.Get("X-Name"), body)
	w.Header().Set("X-Seen", text)
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, "{}")
}

func greet(_ context.Context, r *connect.Request[structpb.Struct]) (*connect.Response[structpb.Struct], error) {
	name := r.Msg.Fields["name"].GetStringValue()
	if name == "" {
		return nil, connect.NewError(connect.CodeInvalidArgument, errors.New("no name"))
	}
	message, err := structpb.NewStruct(map[string]any{"greeting": "Hello, " + name})
	return connect.NewResponse(message), err
}
