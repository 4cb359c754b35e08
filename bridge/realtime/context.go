package realtime

// ProductContext is a part of the place where a module is shown, for [WithContextOverrides].
type ProductContext string

// The parts of a place in Jira: Jira.Board, Jira.Issue and Jira.Project.
const (
	JiraBoard   ProductContext = "board"
	JiraIssue   ProductContext = "issue"
	JiraProject ProductContext = "project"
)

// The parts of a place in Confluence: Confluence.Content and Confluence.Space.
const (
	ConfluenceContent ProductContext = "content"
	ConfluenceSpace   ProductContext = "space"
)

// The parts of a place in Bitbucket: Bitbucket.Repository and Bitbucket.PullRequest.
const (
	BitbucketRepository  ProductContext = "repository"
	BitbucketPullRequest ProductContext = "pullRequest"
)
