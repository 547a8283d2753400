package terms

import _ "embed"

// Model texts of our own, to be replaced before an installation takes money (docs/guides/go-live.md).
var (
	//go:embed sample_service.txt
	sampleService string
	//go:embed sample_privacy.txt
	samplePrivacy string
	//go:embed sample_finance.txt
	sampleFinance string
	//go:embed sample_marketing.txt
	sampleMarketing string
)

// samples are the texts with which an installation begins.
func samples() []Document {
	return []Document{
		{Kind: Service, Title: "이용약관", Required: true, Sample: true, Body: Tidy(sampleService)},
		{Kind: Privacy, Title: "개인정보 처리방침", Required: true, Sample: true, Body: Tidy(samplePrivacy)},
		{Kind: Finance, Title: "전자금융거래 이용약관", Required: true, Sample: true, Body: Tidy(sampleFinance)},
		{Kind: Marketing, Title: "마케팅 정보 수신 동의", Required: false, Sample: true, Body: Tidy(sampleMarketing)},
	}
}
