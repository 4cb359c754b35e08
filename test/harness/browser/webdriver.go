package browser

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
)

// webdriver is a session of W3C WebDriver (https://www.w3.org/TR/webdriver2/).
type webdriver struct {
	// url is the address of the driver, and then that of the session.
	url string
}

// webdriverError is the error of a command.
type webdriverError struct {
	Command string `json:"-"`
	Code    string `json:"error"`
	Message string
}

func (e *webdriverError) Error() string {
	return fmt.Sprintf("%s: %s: %s", e.Command, e.Code, e.Message)
}

// command sends a command, such as "POST /url", and decodes its value into out, unless out is nil.
func (w *webdriver) command(ctx context.Context, method, path string, params, out any) error {
	var body bytes.Buffer
	if method == http.MethodPost {
		if params == nil {
			params = struct{}{}
		}
		if err := json.NewEncoder(&body).Encode(params); err != nil {
			return err
		}
	}
	request, err := http.NewRequestWithContext(ctx, method, w.url+path, &body)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	var answer struct{ Value json.RawMessage }
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	if response.StatusCode != http.StatusOK {
		failed := &webdriverError{Command: method + " " + path}
		if err := json.Unmarshal(answer.Value, failed); err != nil {
			return fmt.Errorf("%s %s: %s", method, path, response.Status)
		}
		return failed
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(answer.Value, out)
}
