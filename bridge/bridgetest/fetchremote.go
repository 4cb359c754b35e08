package bridgetest

import (
	"encoding/json"
	"errors"
	"net/http"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgetest/internal/pagefetch"
)

// fetchRemote is requestRemote: the product's page gets a token and sends the request with its own fetch.
func (w *Window) fetchRemote(e *entry, call bridge.Call) (bridge.Answer, error) {
	h := w.host
	fetch, err := pagefetch.Read(call.Payload, call.Body)
	if err != nil {
		return bridge.Answer{}, err
	}
	target, err := h.target(fetch.RemoteKey)
	if err != nil {
		return bridge.Answer{}, err
	}
	path := fetch.Path
	if path == "" {
		path = "/"
	}
	h.setTarget(e, target.key, fetch.Method, path)
	request, err := fetch.Request(target.base, w.pageToken(target.key))
	if err != nil {
		return bridge.Answer{}, err
	}
	way := &transport{host: h, names: []string{call.Command, target.key}, target: target, inPage: true}
	response, err := pagefetch.Follow(way, request.WithContext(h.ctx), fetch.Redirect)
	if err != nil {
		return bridge.Answer{}, inPage(err)
	}
	return fetchAnswer(call, response)
}

// fetchAnswer reads a response and returns it as the answer to a call that fetches.
func fetchAnswer(call bridge.Call, response *http.Response) (bridge.Answer, error) {
	defer response.Body.Close()
	answer, body, err := pagefetch.ReadAnswer(response)
	if err != nil {
		return bridge.Answer{}, err
	}
	if !call.Fetch {
		return answerJSON(struct {
			pagefetch.Answer
			Body string `json:"body"`
		}{answer, body})
	}
	payload, err := json.Marshal(answer)
	return bridge.Answer{Payload: payload, Body: []byte(body)}, err
}

// inPage converts the error of a failed request to the error that fetch reports.
func inPage(err error) error {
	var refused *bridge.HostError
	var rejected *rejectedError
	if errors.As(err, &refused) || errors.As(err, &rejected) {
		return err
	}
	return pagefetch.Failed(err)
}
