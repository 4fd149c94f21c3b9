using System.Text;
using KerasCompat.Runtime;
using KerasCompat.Testing;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Containers.Tests;

/// <summary>Every model file of the suites opens as what it is, and holds the weights that Keras says it has.</summary>
public class FixtureFileTests
{
    /// <summary>Weights of the model in memory that the file cannot hold, and why.</summary>
    private static readonly (string Case, string Weight, string Reason)[] NotInFile =
    [
        ("lora", "kernel", "stored with the low-rank product merged in"),
        ("lora", "embeddings", "stored with the low-rank product merged in"),
        ("lora", "lora_", "merged into the kernel"),
        ("keras-2.15.0-call-arguments", "moving_", "the call ran in training mode and moved them after the file was saved"),
        ("dense-activation-prelu_layer", "alpha", "Keras builds the activation too late to save it: its initializer's zeros"),
    ];

    public static TheoryData<string> Suites => ["containers", "keras1", "keras2", "tfkeras2", "real", "seeds", "keras3-graphs", "keras3-layers", "architectures"];

    [Theory]
    [MemberData(nameof(Suites))]
    public void Opens_as_what_it_is_with_the_weights_Keras_has(string suite)
    {
        var failures = new List<string>();
        int files = 0, compared = 0;
        foreach (JObject c in Fixtures.Cases(suite).Where(c => c["model"] is not null && (string?)c["expect"] == "same"))
        {
            try
            {
                using KerasFile file = Open(suite, c);
                files++;
                Check(c, file);
                compared += Compare(suite, c, file, failures);
            }
            catch (Exception e)
            {
                failures.Add($"{c["name"]}: {e.GetType().Name}: {e.Message}");
            }
        }

        Assert.True(failures.Count == 0, $"{failures.Count} of {files} failed:\n{string.Join('\n', failures.Take(40))}");
        Assert.True(files > 40, $"only {files} files");
        Assert.True(compared > 90 || suite == "architectures", $"only {compared} weights compared");
    }

    private static KerasFile Open(string suite, JObject c)
    {
        string model = Fixtures.Path(suite, (string)c["model"]!);
        return c["weights"] is { } weights ? KerasFileReader.Open(Fixtures.Path(suite, (string)weights!), model) : KerasFileReader.Open(model);
    }

    private static void Check(JObject c, KerasFile file)
    {
        string path = (string?)c["weights"] ?? (string)c["model"]!;
        ContainerKind[] kinds = Path.GetExtension(path) switch
        {
            ".keras" => [ContainerKind.KerasArchive, ContainerKind.WholeModelHdf5],
            ".h5" or ".hdf5" when c["weights"] is null => [ContainerKind.WholeModelHdf5],
            ".h5" or ".hdf5" => [ContainerKind.LayerWeightsHdf5, ContainerKind.PathWeightsHdf5],
            ".json" when c["weights"] is not null => [ContainerKind.ShardedWeights],
            ".json" or ".gz" => [ContainerKind.Architecture],
            _ => [ContainerKind.KerasArchive],
        };
        Assert.Contains(file.Kind, kinds);
        Assert.IsType<string>(((JValue)file.Config!["class_name"]!).Value);
        Assert.Equal(c["weights"] is null ? null : Path.GetFileName((string)c["model"]!), file.ArchitectureName);
    }

    /// <summary>Each of the model's weights that the vectors hold is in the file, byte for byte.</summary>
    private static int Compare(string suite, JObject c, KerasFile file, List<string> failures)
    {
        if (file.Weights is null || (string?)c["vectors"] is not { } vectors || c["epochs"] is not null)
        {
            return 0;
        }

        var stored = new HashSet<string>();
        var sums = new List<(Shape Shape, double Sum, double Squares)>();
        foreach (StoredArray array in file.Weights.Arrays)
        {
            Tensor tensor = array.Read();
            Assert.Equal(array.DType, tensor.DType);
            Assert.Equal(array.Shape, tensor.Shape);
            stored.Add(Key(tensor.Cast(DType.Float32)));
            double[] values = tensor.Cast(DType.Float64).As<double>().ToArray();
            sums.Add((tensor.Shape, values.Sum(), values.Sum(v => v * v)));
        }

        using Npz npz = Npz.Open(Fixtures.Path(suite, vectors));
        JObject manifest = JObject.Parse(Encoding.UTF8.GetString(npz["manifest"].Bytes));
        int compared = 0;
        foreach (JToken weight in manifest["weights"]?.Where(w => w["array"] is not null) ?? [])
        {
            Tensor expected = npz[(string)weight["array"]!];
            bool known = NotInFile.Any(item => ((string)c["name"]!).Contains(item.Case, StringComparison.Ordinal)
                && ((string)weight["name"]!).Split('/')[^1].StartsWith(item.Weight, StringComparison.Ordinal));
            if (expected.DType != DType.String && !known && !stored.Contains(Key(expected.Cast(DType.Float32))))
            {
                failures.Add($"{c["name"]}: {weight["name"]} {expected} is not in the file");
            }

            compared++;
        }

        foreach (JToken weight in manifest["weight_sums"] ?? new JArray())
        {
            var shape = new Shape([.. weight[1]!.Select(dim => (int)dim)]);
            if (!sums.Exists(s => s.Shape == shape && Near(s.Sum, (double)weight[2]!, (double)weight[3]!) && Near(s.Squares, (double)weight[3]!, (double)weight[3]!)))
            {
                failures.Add($"{c["name"]}: {weight[0]} {shape} is not in the file");
            }

            compared++;
        }

        return compared;
    }

    private static bool Near(double got, double want, double squares) => Math.Abs(got - want) <= 1e-6 * (1 + Math.Abs(want) + squares);

    private static string Key(Tensor tensor) => $"{tensor.Shape} {Convert.ToHexString(System.Security.Cryptography.SHA1.HashData(tensor.Bytes))}";
}
