package bridge

import (
	"context"
	"strconv"
	"time"

	"github.com/forgego/forgego/secret"
)

// HostTokens returns a source of Forge Invocation Tokens from the host. It sends the command signInvocationTokenForUI,
// which is named after the mutation that Atlassian's product page uses. The local host supports it. Atlassian's sites
// do not offer it to apps, so there it returns [ErrRejected]: use [ExchangeTokens]. It uses the client in its context
// ([FromContext]).
func HostTokens() TokenSource { return TokenFunc(hostToken) }

func hostToken(ctx context.Context, remoteKey string) (Token, error) {
	const op = "signInvocationTokenForUI"
	payload := append(appendJSONString([]byte(`{"remoteKey":`), remoteKey), '}')
	answer, err := FromContext(ctx).call(ctx, op, remoteKey, Call{Command: op, Payload: payload})
	if err != nil {
		return Token{}, err
	}
	token, err := readToken(answer.Payload)
	if err != nil {
		return Token{}, &Error{Op: op, Remote: remoteKey, Err: err}
	}
	return token, nil
}

// ExchangeTokens returns a source of tokens that the app's own backend signs. It sends POST path with {"remoteKey":
// "…"} by InvokeRemote, so that the backend knows the user by the Forge Invocation Token. It expects the answer {"jwt",
// "expiresAt", "baseUrl"}, where expiresAt is in milliseconds since 1970, as a string or a number. Package remote has
// the handler. It works on Atlassian's sites. Each exchange counts as a call of InvokeRemote. It uses the client in its
// context ([FromContext]).
//
// If the backend answers 404, Token returns [ErrUnknownRemote]. Another status outside 200–299 is a [*StatusError], and an
// answer in another form [ErrInvalidResponse]. Other errors are those of InvokeRemote.
func ExchangeTokens(path string) TokenSource { return exchangeTokens{path} }

type exchangeTokens struct{ path string }

func (s exchangeTokens) Token(ctx context.Context, remoteKey string) (Token, error) {
	body := append(appendJSONString([]byte(`{"remoteKey":`), remoteKey), '}')
	resp, err := InvokeRemote(ctx, Request{Method: "POST", Path: s.path, Body: Bytes(body)})
	if err != nil {
		return Token{}, err
	}
	if resp.Status == 404 {
		return Token{}, &Error{Op: "invokeRemote", Remote: remoteKey, Status: 404, Err: ErrUnknownRemote}
	}
	if err := resp.Err(); err != nil {
		return Token{}, err
	}
	data, err := resp.Bytes()
	if err != nil {
		return Token{}, err
	}
	token, err := readToken(data)
	if err != nil {
		return Token{}, &Error{Op: "invokeRemote", Remote: remoteKey, Err: err}
	}
	return token, nil
}

// readToken parses {jwt, expiresAt, baseUrl}.
func readToken(payload []byte) (Token, error) {
	token := Token{}
	jwt, expires := "", ""
	s := scanner{data: payload}
	for name := range s.members() {
		switch name {
		case "jwt":
			jwt, _ = s.string()
		case "expiresAt":
			if s.peek() == '"' {
				expires, _ = s.string()
			} else {
				expires = string(s.raw())
			}
		case "baseUrl":
			token.BaseURL, _ = s.string()
		}
	}
	milliseconds, err := strconv.ParseInt(expires, 10, 64)
	switch {
	case jwt == "":
		return Token{}, invalidResponse("it has no jwt")
	case err != nil:
		return Token{}, invalidResponse("it has no expiresAt, in milliseconds since 1970")
	}
	if _, err := parseBase(token.BaseURL); err != nil {
		return Token{}, invalidResponse("its baseUrl " + err.Error())
	}
	token.Value = secret.New(jwt)
	token.ExpiresAt = time.UnixMilli(milliseconds)
	return token, nil
}
