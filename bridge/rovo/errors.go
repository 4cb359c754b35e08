package rovo

import "errors"

// ErrUnsupported: the product opens no chat with Rovo where the module is shown. Confluence, Jira and some modules of Jira
// Service Management do.
var ErrUnsupported = errors.New("no chat with Rovo opens here: only Confluence, Jira and some modules of Jira Service Management have it")
