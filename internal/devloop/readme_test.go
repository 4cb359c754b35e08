package devloop

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Each backend of the README answers an app's pages under forgego dev.
func TestBackendsOfREADME(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	hello := codeBlock(t, string(readme), "func hello(")
	example, err := os.ReadFile("../../examples/hello/backend/main.go")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasSuffix(string(example), hello) {
		t.Error("the README does not show the end of examples/hello/backend/main.go")
	}
	tasks := "func tasksOf(installation string) []string { return []string{installation} }\n"
	for _, tt := range []struct {
		name, source string
		path, want   string
		exchanges    bool
	}{
		{"hello", string(example), "/hello?name=Ada", "Hello, Ada!", false},
		{"verifier", program(tasks+"func main() {\n"+codeBlock(t, string(readme), "tasksOf(")+"}\n", "cmp", "encoding/json", "log", "net", "net/http", "os"),
			"/tasks", "ari:cloud:ecosystem::installation/", false},
		{"exchange", program(tasks+`
func main() {
	mux := http.NewServeMux()
	mux.HandleFunc("/tasks", func(w http.ResponseWriter, r *http.Request) {
		claims, _ := remote.FromContext(r.Context())
		json.NewEncoder(w).Encode(tasksOf(claims.InstallationID()))
	})
	verifier, err := remote.FromEnv()
	if err != nil {
		log.Fatal(err)
	}
`+codeBlock(t, string(readme), "remote.NewExchange(")+`
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), nil))
}
`, "encoding/json", "log", "net/http", "os"), "/tasks", "ari:cloud:ecosystem::installation/", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			backend := compile(t, tt.source)
			if !tt.exchanges {
				listensOnLoopback(t, backend)
			}
			r := run(t, "manifest.yml", strings.ReplaceAll(manifestText, "key: api", "key: tasks-api"), "forgego.yml",
				"remotes:\n  tasks-api:\n    command: ["+strconv.Quote(backend)+"]\n")
			r.waitFor(EventReady, "", "")
			if problems := r.Problems(); len(problems) > 0 {
				t.Fatalf("at the start: %+v", problems)
			}
			base, productPage, appPage := r.Host().RemoteURL("tasks-api"), strings.TrimSuffix(r.Host().URL(), "/"), strings.TrimSuffix(r.Host().AppURL(), "/")
			type answer struct{ JWT, BaseURL string }
			var token answer
			r.post(r.Host().URL()+"_host/token", `{"moduleKey":"panel","remoteKey":"tasks-api"}`, &token, "Origin", productPage)
			if tt.exchanges {
				fit := token.JWT
				token = answer{}
				r.post(base+"/token", `{"remoteKey":"tasks-api"}`, &token, "Origin", appPage, "Authorization", "Bearer "+fit)
				if token.BaseURL != base || token.JWT == fit {
					t.Errorf("the exchanged token is for %q; want %q", token.BaseURL, base)
				}
			}
			for _, origin := range []string{productPage, appPage} {
				if got := r.get(base+tt.path, "Origin", origin, "Authorization", "Bearer "+token.JWT); !strings.Contains(got, tt.want) {
					t.Errorf("to a page of %s: %s", origin, got)
				}
			}
			if got := r.get(base+tt.path, "Origin", productPage); !strings.HasPrefix(got, `{"error":`) {
				t.Errorf("without a token: %s", got)
			}
		})
	}
}

// listensOnLoopback checks that a backend without the variable HOST listens on 127.0.0.1 only: it names the address in the error
// for a port that is taken.
func listensOnLoopback(t *testing.T, backend string) {
	t.Helper()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	_, port, _ := net.SplitHostPort(taken.Addr().String())
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute) // Some systems let it listen on all addresses then.
	defer cancel()
	cmd := exec.CommandContext(ctx, backend)
	cmd.Env = append(os.Environ(), "HOST=", "PORT="+port, "FORGE_APP_ID=ari:cloud:ecosystem::app/0b1c2d3e-4f50-4617-8a9b-0c1d2e3f4a5b")
	if out, err := cmd.CombinedOutput(); err == nil || !strings.Contains(string(out), "listen tcp 127.0.0.1:"+port) {
		t.Errorf("without HOST: %v\n%s", err, out)
	}
}

// codeBlock returns the code block of a document that contains a text.
func codeBlock(t *testing.T, document, text string) string {
	t.Helper()
	for block := range strings.SplitSeq(document, "```go\n") {
		if code, _, ok := strings.Cut(block, "```\n"); ok && strings.Contains(code, text) {
			return code
		}
	}
	t.Fatalf("there is no code block with %s", text)
	return ""
}

func program(text string, imports ...string) string {
	return "package main\n\nimport (\n\"" + strings.Join(imports, "\"\n\"") + "\"\n\n\"github.com/forgego/forgego/remote\"\n)\n\n" + text
}

// compile compiles a program of this module and returns its path.
func compile(t *testing.T, source string) string {
	t.Helper()
	dir := t.TempDir()
	file, path := filepath.Join(dir, "main.go"), filepath.Join(dir, "backend.exe")
	if err := os.WriteFile(file, []byte(source), 0o644); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", path, file).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s\n%s", err, out, source)
	}
	return path
}

// post sends JSON and decodes the answer, which must have the status 200. The headers are name, value, name, value.
func (r *running) post(url, body string, into any, headers ...string) {
	r.t.Helper()
	request, err := http.NewRequestWithContext(r.t.Context(), http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultClient.Do(request)
	if err != nil {
		r.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		r.t.Fatalf("%s: %s, %v", url, resp.Status, err)
	}
	if err := json.Unmarshal(text, into); err != nil {
		r.t.Fatal(err)
	}
}
