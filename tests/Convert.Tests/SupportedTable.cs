using System.Text;
using KerasCompat.Containers;
using KerasCompat.Convert.Cases;
using KerasCompat.Dialects;
using KerasCompat.Layers;
using KerasCompat.Runtime;
using KerasCompat.Testing;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Convert.Tests;

/// <summary>SUPPORTED.md: every layer and operation, and how many cases of each generation hold it.</summary>
public class SupportedTable
{
    private static readonly string[] Generations = ["Keras 1", "Keras 2", "tf.keras", "Keras 3"];

    private static readonly Lazy<Dictionary<(string Class, string Generation), int>> Counts = new(Count);

    private static readonly Lazy<Dictionary<string, (int Held, int Written)>> OnnxCounts = new(CountOnnx);

    /// <summary>Entries that no fixture holds, with the reason why they are there all the same.</summary>
    private static readonly Dictionary<string, string> WithoutCase = new(StringComparer.Ordinal)
    {
        ["AddLoss"] = "made by model.add_loss of tf.keras, which no fixture calls; LossTests has it",
        ["AddMetric"] = "made by model.add_metric of tf.keras, which no fixture calls; LossTests has it",
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
            that wrote the file. ONNX says in how many of these cases the exporter writes it: all (yes), none (no; it stays in C#, see
            `docs/onnx.md`) or some; `tests/Onnx.Tests` runs what is written with ONNX Runtime. The column gradient stays empty until there
            is training. A test writes this page from the tables and the suites (`KERASCOMPAT_WRITE_SUPPORTED=1`), and fails where a table
            has an entry without a case.

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
            text.Append($"| {name} | {string.Join(" | ", Generations.Select(g => Counts.Value.GetValueOrDefault((name, g)) is > 0 and var n ? n.ToString() : string.Empty))} | {(IsRefused(name) ? "refused by name" : "yes")} | {Onnx(name)} | |\n");
        }
    }

    /// <summary>In how many of an entry's cases ONNX has it; nothing where no case is written.</summary>
    private static string Onnx(string name) => OnnxCounts.Value.GetValueOrDefault(name) switch
    {
        (0, _) => string.Empty,
        (_, 0) => "no",
        var (held, written) => held == written ? "yes" : $"{written} of {held}",
    };

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
            foreach (string name in Entries(canonical).Select(Class).Distinct())
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

    /// <summary>How many cases hold each class, and in how many of them the exporter writes it.</summary>
    private static Dictionary<string, (int Held, int Written)> CountOnnx()
    {
        var counts = new Dictionary<string, (int Held, int Written)>();
        foreach ((string suite, FixtureCase test) in SuiteCases.Everything.Where(c => OnnxCase.Concerns(c.Case) && !SuiteCases.KnownFailures.ContainsKey((c.Suite, c.Case.Name))))
        {
            using KerasModel model = suite == "architectures" ? Filled(test) : CaseRunner.Load(test);
            JObject[] entries = [.. Entries(model.Canonical)];
            HashSet<string> refused = [.. RefusedPlaces(model).Select(p => Class(entries.MaxBy(e => p.LastIndexOf($"/{(string?)e["name"]}/", StringComparison.Ordinal))!))];
            foreach (string name in entries.Select(Class).Distinct())
            {
                (int held, int written) = counts.GetValueOrDefault(name);
                counts[name] = (held + 1, refused.Contains(name) ? written : written + 1);
            }
        }

        return counts;
    }

    private static KerasModel Filled(FixtureCase test)
    {
        using KerasFile file = KerasFileReader.Open(test.Model!);
        KerasModel model = KerasModel.LoadArchitecture(file);
        model.FillWeights((_, weight) => Tensor.Zeros(weight.DType, weight.Shape));
        return model;
    }

    /// <summary>The paths of the layers that the exporter refuses, between slashes.</summary>
    private static IEnumerable<string> RefusedPlaces(KerasModel model)
    {
        try
        {
            model.ToOnnx();
            return [];
        }
        catch (UnsupportedModelException e)
        {
            return e.Problems.Select(p => $"/{p.Place.Split('"')[1]}/");
        }
    }

    /// <summary>The layers and operations of a model, nested ones included.</summary>
    private static IEnumerable<JObject> Entries(CanonicalModel model) => model.Root.DescendantsAndSelf().OfType<JObject>().Where(o => o.ContainsKey("kind"));

    private static string Class(JObject entry) => (string?)entry["class_name"] ?? string.Empty;
}
