using System.Text;
using KerasCompat.Containers;
using KerasCompat.Convert.Cases;
using KerasCompat.Dialects;
using KerasCompat.Layers;
using KerasCompat.Testing;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Convert.Tests;

/// <summary>SUPPORTED.md: every layer and operation, and how many cases of each generation hold it.</summary>
public class SupportedTable
{
    private static readonly string[] Generations = ["Keras 1", "Keras 2", "tf.keras", "Keras 3"];

    private static readonly Lazy<Dictionary<(string Class, string Generation), int>> Counts = new(Count);

    /// <summary>Entries that no fixture holds, with the reason why they are there all the same.</summary>
    private static readonly Dictionary<string, string> WithoutCase = new(StringComparer.Ordinal)
    {
        ["Arange"] = "its arguments are numbers, so that Keras folds it into a constant unless they are tensors",
        ["ColumnStack"] = "a stack of the columns that Stack and Concatenate have cases for",
        ["Cond"] = "refused like Map and Scan, which have cases: it takes Python functions",
        ["ConvLSTM1DCell"] = "the cell of ConvLSTM1D, which has cases; alone it stands only in a RNN of the author's",
        ["ConvLSTM2DCell"] = "the cell of ConvLSTM2D, which has cases; alone it stands only in a RNN of the author's",
        ["ConvLSTM3DCell"] = "the cell of ConvLSTM3D, which has cases; alone it stands only in a RNN of the author's",
        ["ConvTranspose"] = "lowered by the same code as the layers Conv1DTranspose to Conv3DTranspose, which have cases",
        ["Equalization"] = "nothing at inference; the cases hold it inside AugMix and RandAugment",
        ["ForiLoop"] = "refused like Map and Scan, which have cases: it takes Python functions",
        ["MatrixPower"] = "a chain of Matmul, which has cases",
        ["ReconstructPatches"] = "newer than the Keras that wrote the fixtures",
        ["ViewAsComplex"] = "complex tensors do not leave a model; ViewAsReal and Polar have cases",
        ["WhileLoop"] = "refused like Map and Scan, which have cases: it takes Python functions",
    };

    public static TheoryData<string> Entries() => [.. Layers().Concat(OperationTable.Operations.Keys.Order(StringComparer.Ordinal)).Distinct()];

    [Theory]
    [MemberData(nameof(Entries))]
    public void Entry_has_a_case(string name) =>
        Assert.True(
            Generations.Sum(g => Counts.Value.GetValueOrDefault((name, g))) > 0 || Refused.Value.Contains(name) || WithoutCase.ContainsKey(name),
            $"no case holds {name}");

    [Fact]
    public void Table_is_what_the_suites_hold()
    {
        string path = Path.Combine(Fixtures.Root, "..", "..", "SUPPORTED.md");
        string table = Write();
        if (Environment.GetEnvironmentVariable("KERASCOMPAT_WRITE_SUPPORTED") == "1")
        {
            File.WriteAllText(path, table);
        }

        Assert.Equal(table, File.ReadAllText(path).ReplaceLineEndings("\n"));
    }

    private static IEnumerable<string> Layers() => LayerTable.Layers.Keys.Order(StringComparer.Ordinal);

    private static string Write()
    {
        var text = new StringBuilder("""
            # What is supported

            Each layer and operation with the number of cases of `tests/fixtures` that hold it and give Keras's numbers, by the generation
            that wrote the file. The columns ONNX and gradient stay empty until there are an exporter and training. A test writes this page
            from the tables and the suites (`KERASCOMPAT_WRITE_SUPPORTED=1`), and fails where a table has an entry without a case.

            """);
        Section(text, "Layers", Layers());
        Section(text, "Operations", OperationTable.Operations.Keys.Order(StringComparer.Ordinal));
        return text.ToString().ReplaceLineEndings("\n");
    }

    private static void Section(StringBuilder text, string title, IEnumerable<string> names)
    {
        text.Append($"\n## {title}\n\n| name | {string.Join(" | ", Generations)} | CPU | ONNX | gradient |\n|---|---|---|---|---|---|---|---|\n");
        foreach (string name in names)
        {
            text.Append($"| {name} | {string.Join(" | ", Generations.Select(g => Counts.Value.GetValueOrDefault((name, g)) is > 0 and var n ? n.ToString() : string.Empty))} | {(IsRefused(name) ? "refused by name" : "yes")} | | |\n");
        }
    }

    private static bool IsRefused(string name) =>
        Refused.Value.Contains(name) || (WithoutCase.TryGetValue(name, out string? reason) && reason.StartsWith("refused", StringComparison.Ordinal));

    private static Dictionary<(string, string), int> Count()
    {
        var counts = new Dictionary<(string, string), int>();
        foreach ((string suite, FixtureCase test) in SuiteCases.Everything)
        {
            if (test.Expect != "same" || test.Model is null || SuiteCases.KnownFailures.ContainsKey((suite, test.Name)))
            {
                continue;
            }

            using KerasFile file = test.Weights is null ? KerasFileReader.Open(test.Model) : KerasFileReader.Open(test.Weights, test.Model);
            CanonicalModel canonical = ModelLoader.Canonicalize(file, new LoadOptions());
            string generation = Generations.First(g => canonical.Generation.StartsWith(g, StringComparison.Ordinal) || (g == "Keras 3" && canonical.Generation.StartsWith("Keras", StringComparison.Ordinal)));
            foreach (string name in canonical.Root.DescendantsAndSelf().OfType<JObject>().Where(o => o.ContainsKey("kind")).SelectMany(Names).Distinct())
            {
                counts[(name, generation)] = counts.GetValueOrDefault((name, generation)) + 1;
            }
        }

        return counts;
    }

    /// <summary>Classes of files that must be refused: operations that take Python functions, such as Map and Scan.</summary>
    private static readonly Lazy<HashSet<string>> Refused = new(() =>
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach ((_, FixtureCase test) in SuiteCases.Everything.Where(c => c.Case.Expect == "refuse" && c.Suite == "keras3-graphs"))
        {
            names.UnionWith(test.Tags);
        }

        return names;
    });

    private static IEnumerable<string> Names(JObject layer) => [(string?)layer["class_name"] ?? string.Empty];
}
