using KerasCompat.Convert.Cases;

namespace KerasCompat.Convert.Tests;

/// <summary>Every case of every suite, through the same code as <c>convert verify --cases</c>.</summary>
public class SuiteTests
{
    public static TheoryData<string, string> Cases() => SuiteCases.All();

    [Theory]
    [MemberData(nameof(Cases))]
    public void Case_gives_what_Keras_gave(string suite, string name)
    {
        CaseOutcome outcome = CaseRunner.Run(SuiteCases.Find(suite, name));
        if (SuiteCases.KnownFailures.TryGetValue((suite, name), out string? reason))
        {
            // A case that fails for a known reason must go on failing for it, or leave the list.
            Assert.False(outcome.Passes, $"{name} passes now: take it off the list of known failures");
            Assert.Contains(reason, outcome.Text, StringComparison.Ordinal);
            return;
        }

        Assert.True(outcome.Passes, outcome.Text);
    }
}
