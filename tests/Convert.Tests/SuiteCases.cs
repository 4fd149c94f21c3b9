using KerasCompat.Convert.Cases;
using KerasCompat.Testing;

namespace KerasCompat.Convert.Tests;

/// <summary>The cases of all suites that are about models.</summary>
internal static class SuiteCases
{
    private const string Exported = "that Keras's model.export() wrote: a TensorFlow graph for serving, without the Keras config";

    /// <summary>The suites whose cases load models.</summary>
    public static IReadOnlyList<string> Suites { get; } =
        ["seeds", "containers", "real", "architectures", "refuse", "keras1", "keras2", "tfkeras2", "keras3-layers", "keras3-graphs", "savedmodel"];

    /// <summary>Cases that cannot pass, with a part of what their failure says; docs/known-failures.md tells why.</summary>
    public static IReadOnlyDictionary<(string Suite, string Name), string> KnownFailures { get; } = new Dictionary<(string, string), string>
    {
        [("tfkeras2", "keras-2.12.0-normalization-v3")] = "normalization_2",
        [("savedmodel", "bidirectional_gru_masked")] = Exported,
        [("savedmodel", "mlp_two_inputs_two_outputs")] = Exported,
        [("savedmodel", "nested_functional_twice")] = Exported,
        [("savedmodel", "residual_cnn")] = Exported,
        [("savedmodel", "text_lstm")] = Exported,
        [("savedmodel", "transformer_block")] = Exported,
    };

    private static readonly Dictionary<(string, string), FixtureCase> ByName = Suites
        .SelectMany(s => CaseSuite.Read(Path.Combine(Fixtures.Root, s)).Cases.Select(c => (Key: (s, c.Name), Case: c)))
        .ToDictionary(p => p.Key, p => p.Case);

    /// <summary>The names of all cases.</summary>
    public static TheoryData<string, string> All() => Named(_ => true, _ => true);

    /// <summary>The names of the cases of some suites.</summary>
    public static TheoryData<string, string> Of(params string[] suites) => Named(key => suites.Contains(key.Suite), _ => true);

    /// <summary>The names of the cases that satisfy a condition, without the known failures.</summary>
    public static TheoryData<string, string> Passing(Func<FixtureCase, bool> condition) => Named(key => !KnownFailures.ContainsKey(key), condition);

    private static TheoryData<string, string> Named(Func<(string Suite, string Name), bool> isWanted, Func<FixtureCase, bool> condition)
    {
        var data = new TheoryData<string, string>();
        foreach (((string suite, string name), FixtureCase test) in ByName)
        {
            if (isWanted((suite, name)) && condition(test))
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
