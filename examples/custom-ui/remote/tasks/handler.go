package tasks

import (
	"errors"
	"fmt"
	"net/http"
	"path"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/forgego/forgego/remote"
)

const (
	// maxKey is in characters, not bytes.
	maxKey = 64

	serverFault = "Something went wrong on our side. Try again."
)

// api answers requests whose token has been verified.
type api struct {
	tasks   *store
	hub     *hub
	uploads *uploads
	settings
}

// newAPI routes the requests. The routes without a method answer 404 and 405 in JSON, because the platform refuses the
// mux's own answers, which are text.
func newAPI(tasks *store, hub *hub, s settings) http.Handler {
	a := &api{tasks, hub, newUploads(), s}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /tasks", a.list)
	mux.HandleFunc("POST /tasks", hub.telling(a.add))
	mux.HandleFunc("PATCH /tasks/{id}", hub.telling(a.patch))
	mux.HandleFunc("DELETE /tasks/{id}", hub.telling(a.remove))
	mux.HandleFunc("POST /tasks/{id}/restore", hub.telling(a.restore))
	mux.HandleFunc("GET /tasks/events", a.events)
	mux.HandleFunc("GET /tasks/{id}/file", a.download)
	mux.HandleFunc("PUT /tasks/{id}/file", hub.telling(a.upload))
	mux.HandleFunc("DELETE /tasks/{id}/file", hub.telling(a.removeFile))
	mux.Handle("/tasks", methodNotAllowed("GET, HEAD, POST"))
	mux.Handle("/tasks/{id}", methodNotAllowed("PATCH, DELETE"))
	mux.Handle("/tasks/{id}/restore", methodNotAllowed("POST"))
	mux.Handle("/tasks/{id}/file", methodNotAllowed("GET, HEAD, PUT, DELETE"))
	mux.HandleFunc("/", notFound)
	return mux
}

// uncleaned answers 404 if a mux would redirect to a cleaner path, because the platform treats a redirect as a failure.
func uncleaned(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p := r.URL.Path
		if clean := path.Clean("/" + p); p != clean && (clean == "/" || p != clean+"/") {
			notFound(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (a *api) list(w http.ResponseWriter, r *http.Request) {
	tasks, err := a.tasks.list(r.Context(), installation(r))
	if err != nil {
		a.fail(w, r, err)
		return
	}
	writeJSON(w, http.StatusOK, map[string][]task{"tasks": tasks})
}

func (a *api) add(w http.ResponseWriter, r *http.Request) {
	keys := r.Header.Values("Idempotency-Key")
	if len(keys) != 1 || keys[0] == "" || !utf8.ValidString(keys[0]) || utf8.RuneCountInString(keys[0]) > maxKey {
		writeError(w, http.StatusBadRequest, "Send one Idempotency-Key header of 1 to 64 characters, a new one for each new task.")
		return
	}
	var body struct {
		Name *string `json:"name"`
	}
	if !readJSON(w, r, &body) {
		return
	}
	name, problem := taskName(body.Name)
	if problem != "" {
		writeError(w, http.StatusBadRequest, problem)
		return
	}
	added, created, err := a.tasks.add(r.Context(), installation(r), keys[0], name)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	status := http.StatusOK
	if created {
		status = http.StatusCreated
	}
	writeJSON(w, status, added)
}

func (a *api) patch(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Name *string `json:"name"`
		Done *bool   `json:"done"`
	}
	if !readJSON(w, r, &body) {
		return
	}
	if body.Name == nil && body.Done == nil {
		writeError(w, http.StatusBadRequest, `Say what is to change: {"name": "…"}, {"done": true} or {"done": false}.`)
		return
	}
	if body.Name != nil {
		name, problem := taskName(body.Name)
		if problem != "" {
			writeError(w, http.StatusBadRequest, problem)
			return
		}
		body.Name = &name
	}
	from, problem := version(r.Header.Values("If-Match"))
	if problem != "" {
		writeError(w, http.StatusBadRequest, problem)
		return
	}
	changed, err := a.tasks.edit(r.Context(), installation(r), r.PathValue("id"), from, body.Name, body.Done)
	if err != nil {
		a.failAt(w, r, changed, err)
		return
	}
	writeJSON(w, http.StatusOK, changed)
}

// conflict is the answer for a change that was made from an older version of the task. Task is the task as it is now.
type conflict struct {
	Error string `json:"error"`
	Task  task   `json:"task"`
}

// version parses the values of If-Match: a task's version in quotation marks. It returns nil if any version will do, and what
// is wrong with the values.
func version(values []string) (from *int64, problem string) {
	if len(values) == 0 || len(values) == 1 && values[0] == "*" {
		return nil, ""
	}
	digits := strings.TrimSuffix(strings.TrimPrefix(values[0], `"`), `"`)
	n, err := strconv.ParseInt(digits, 10, 64)
	if len(values) > 1 || err != nil || values[0] != `"`+strconv.FormatInt(n, 10)+`"` {
		return nil, `Send the task's version in quotation marks in one If-Match header, such as "3".`
	}
	return &n, ""
}

func (a *api) remove(w http.ResponseWriter, r *http.Request) {
	if err := a.tasks.remove(r.Context(), installation(r), r.PathValue("id")); err != nil {
		a.fail(w, r, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// restored is the answer for a restored task. After is the id of the task before it, or "" if it is the first.
type restored struct {
	Task  task   `json:"task"`
	After string `json:"after"`
}

func (a *api) restore(w http.ResponseWriter, r *http.Request) {
	t, after, err := a.tasks.restore(r.Context(), installation(r), r.PathValue("id"))
	if err != nil {
		a.fail(w, r, err)
		return
	}
	writeJSON(w, http.StatusOK, restored{t, after})
}

// failAt writes the answer for an error of the store about a task, which is the task as it is now if the error is errChanged.
func (a *api) failAt(w http.ResponseWriter, r *http.Request, now task, err error) {
	if errors.Is(err, errChanged) {
		writeJSON(w, http.StatusPreconditionFailed, conflict{"The task was changed by somebody else meanwhile.", now})
		return
	}
	a.fail(w, r, err)
}

// fail writes the answer for an error of the store.
func (a *api) fail(w http.ResponseWriter, r *http.Request, err error) {
	switch {
	case errors.Is(err, errNoTask):
		writeError(w, http.StatusNotFound, "There is no such task; it may have been deleted.")
	case errors.Is(err, errNoFile):
		writeError(w, http.StatusNotFound, "This task has no file.")
	case errors.Is(err, errKeyTaken):
		writeError(w, http.StatusBadRequest, "This Idempotency-Key was used for another task. Send a new one.")
	case errors.Is(err, errTooLarge):
		writeError(w, http.StatusRequestEntityTooLarge, "A file can have at most "+megabytes(a.maxFile)+".")
	case errors.Is(err, errBroken):
		writeError(w, http.StatusBadRequest, "The file did not arrive whole.")
	case errors.Is(err, errAbandoned):
		w.Header().Set("Retry-After", "1")
		writeError(w, http.StatusServiceUnavailable, "The upload was interrupted. Try again.")
	case errors.Is(err, errOverQuota):
		writeError(w, http.StatusInsufficientStorage, fmt.Sprintf(
			"There is no room left: this site can have %d tasks, and files of %s together. Delete what you no longer need; a deleted file counts for an hour more.",
			a.maxTasks, megabytes(a.maxBytes)))
	case errors.Is(err, errFull):
		a.log.Error("request failed", "method", r.Method, "path", r.URL.Path, "error", err)
		writeError(w, http.StatusInsufficientStorage, "There is no room left on our side. Nothing was changed. Try again later.")
	case errors.Is(err, errBusy):
		w.Header().Set("Retry-After", "5")
		writeError(w, http.StatusServiceUnavailable, "Too many files are being uploaded at once. Try again in a few seconds.")
	case errors.Is(err, errNoPiece):
		w.Header().Set("Retry-After", "1")
		writeError(w, http.StatusServiceUnavailable, "The file was just replaced. Try again.")
	default:
		a.log.Error("request failed", "method", r.Method, "path", r.URL.Path, "error", err)
		writeError(w, http.StatusInternalServerError, serverFault)
	}
}

// installation returns the installation whose tasks the request is about. It comes from the verified token, never from
// the request itself.
func installation(r *http.Request) string {
	claims, ok := remote.FromContext(r.Context())
	if !ok || claims.InstallationID() == "" {
		panic("the API does not stand behind the verifier")
	}
	return claims.InstallationID()
}

// maxName is in characters, not bytes.
const maxName = 200

// taskName returns the name in a request without the white space around it, or says what is wrong with it.
func taskName(in *string) (name, problem string) {
	if in == nil {
		return "", "A task needs a name."
	}
	name = strings.TrimSpace(*in)
	switch {
	case utf8.RuneCountInString(name) > maxName:
		return "", "A task's name can have at most 200 characters."
	case strings.ContainsFunc(name, isControl):
		return "", "A task's name cannot contain line breaks or other control characters."
	case !isVisible(name):
		return "", "A task needs a name."
	}
	return name, ""
}

// isControl reports whether r is a control character, a line separator, or a character that changes the direction of
// text. With such a character, a name that ends in "txt.exe" can be shown as "exe.txt".
func isControl(r rune) bool {
	return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || unicode.Is(unicode.Bidi_Control, r) && !isMark(r)
}

// isMark reports whether r is a mark of direction. These marks reorder nothing, and Arabic and Hebrew texts need them.
func isMark(r rune) bool { return r == '\u061c' || r == '\u200e' || r == '\u200f' }

// isVisible reports whether a text shows anything: more than white space and characters without a width.
func isVisible(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsSpace(r) && !unicode.Is(unicode.Cf, r) })
}
