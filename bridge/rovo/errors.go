package rovo

import "errors"

// ErrUnsupported means that the product cannot open a chat with Rovo where the module is shown. Confluence, Jira and
// some modules of Jira Service Management can.
var ErrUnsupported = errors.New("cannot open a chat with Rovo here: only Confluence, Jira and some modules of Jira Service Management support it")
