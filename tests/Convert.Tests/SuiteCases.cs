using KerasCompat.Convert.Cases;
using KerasCompat.Testing;

namespace KerasCompat.Convert.Tests;

/// <summary>The cases of all suites that are about models.</summary>
internal static class SuiteCases
{
    /// <summary>The suites whose cases load models.</summary>
    public static IReadOnlyList<string> Suites { get; } =
        ["seeds", "containers", "real", "architectures", "refuse", "keras1", "keras2", "tfkeras2", "keras3-layers", "keras3-graphs"];

    /// <summary>Cases that cannot pass, with a part of what their failure says; docs/known-failures.md tells why.</summary>
    public static IReadOnlyDictionary<(string Suite, string Name), string> KnownFailures { get; } = new Dictionary<(string, string), string>
    {
        [("tfkeras2", "keras-2.12.0-normalization-v3")] = "normalization_2",
    };

    private static readonly Dictionary<(string, string), FixtureCase> ByName = Suites
        .SelectMany(s => CaseSuite.Read(Path.Combine(Fixtures.Root, s)).Cases.Select(c => (Key: (s, c.Name), Case: c)))
        .ToDictionary(p => p.Key, p => p.Case);

    /// <summary>The names of the cases of some suites.</summary>
    public static TheoryData<string, string> Of(params string[] suites)
    {
        var data = new TheoryData<string, string>();
        foreach ((string suite, string name) in ByName.Keys.Where(k => suites.Contains(k.Item1)))
        {
            data.Add(suite, name);
        }

        return data;
    }

    /// <summary>The names of the cases that satisfy a condition.</summary>
    public static TheoryData<string, string> All(Func<FixtureCase, bool> condition)
    {
        var data = new TheoryData<string, string>();
        foreach (((string suite, string name), FixtureCase test) in ByName)
        {
            if (condition(test))
            {
                data.Add(suite, name);
            }
        }

        return data;
    }

    /// <summary>A case by its suite and name.</summary>
    public static FixtureCase Find(string suite, string name) => ByName[(suite, name)];

    /// <summary>All cases with their suites.</summary>
    public static IEnumerable<(string Suite, FixtureCase Case)> Everything => ByName.Select(p => (p.Key.Item1, p.Value));
}
