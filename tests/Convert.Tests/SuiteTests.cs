using KerasCompat.Convert.Cases;
using KerasCompat.Testing;

namespace KerasCompat.Convert.Tests;

/// <summary>Every case of every suite, through the same code as <c>convert verify --cases</c>.</summary>
public class SuiteTests
{
    public static TheoryData<string, string> Cases()
    {
        var data = new TheoryData<string, string>();
        foreach (string suite in Suites)
        {
            foreach (FixtureCase test in CaseSuite.Read(Path.Combine(Fixtures.Root, suite)).Cases)
            {
                data.Add(suite, test.Name);
            }
        }

        return data;
    }

    private static readonly string[] Suites = ["seeds", "containers", "real", "architectures", "refuse"];

    private static readonly Dictionary<(string, string), FixtureCase> ByName = Suites
        .SelectMany(s => CaseSuite.Read(Path.Combine(Fixtures.Root, s)).Cases.Select(c => (Key: (s, c.Name), Case: c)))
        .ToDictionary(p => p.Key, p => p.Case);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Case_gives_what_Keras_gave(string suite, string name)
    {
        CaseOutcome outcome = CaseRunner.Run(ByName[(suite, name)]);
        Assert.True(outcome.Passes, outcome.Text);
    }
}
