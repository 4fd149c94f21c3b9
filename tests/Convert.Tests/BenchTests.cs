using KerasCompat.OnnxRuntime;
using KerasCompat.Runtime;
using KerasCompat.Testing;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Convert.Tests;

/// <summary>What <c>convert bench</c> tells: everything it promises, of every kind of model; how long things take is nothing to test.</summary>
public class BenchTests
{
    private static readonly string Imdb = Fixtures.Path("seeds", "seeds-imdb-keras-2.3.1.h5");

    [Fact]
    public void Figures_are_those_of_the_model_and_fit_together()
    {
        JObject result = Bench(ExitCode.Ok, Imdb, "--batch", "3", "--rounds", "2", "--threads", "1");
        using KerasModel model = KerasModel.Load(Imdb);
        Assert.Equal([3, 500], result["inputs"]!.Single()["shape"]!.Select(d => (int)d));
        Assert.Equal(model.Weights.Sum(w => (long)w.Shape.ElementCount), (long)result["weights"]!);
        Assert.Equal(4 * (long)result["weights"]!, (long)result["weightBytes"]!);
        Assert.Equal((1, 2), ((int)result["threads"]!, (int)result["rounds"]!));
        JToken run = Assert.Single(result["runs"]!);
        Assert.Equal("cpu", (string?)run["device"]);
        Assert.InRange((double)run["fastestMicroseconds"]!, double.Epsilon, (double)run["medianMicroseconds"]!);
        Assert.InRange((double)run["p95Microseconds"]!, (double)run["medianMicroseconds"]!, double.MaxValue);
        Assert.InRange((double)run["loadMilliseconds"]!, double.Epsilon, double.MaxValue);
        Assert.InRange((double)run["firstCallMilliseconds"]! * 1000, (double)run["fastestMicroseconds"]!, double.MaxValue);
        Assert.InRange((int)run["samples"]!, 2, int.MaxValue);
        Assert.Equal(0, (long)run["allocatedBytes"]!);
        Assert.Equal(JTokenType.Null, run["deviceShare"]!.Type);
        Assert.Equal(JTokenType.Null, result["speed"]!.Type);
    }

    [OpenClTheory]
    [InlineData("real", "dl4j__12net.h5")]
    [InlineData("seeds", "seeds-embedding-keras-2.15.0.keras")]
    [InlineData("architectures", "encoder_mini.json.gz")]
    public void Two_devices_are_compared(string suite, string file)
    {
        JObject result = Bench(ExitCode.Ok, Fixtures.Path(suite, file), "--device", "opencl:0", "--against", "cpu", "--rounds", "1");
        Assert.Equal(["opencl:0", "cpu"], result["runs"]!.Select(r => (string)r["device"]!));
        Assert.InRange((double)result["runs"]![0]!["deviceShare"]!, 0.95, 1);
        Assert.InRange((long)result["runs"]![0]!["deviceBytes"]!, (long)result["weightBytes"]!, long.MaxValue);
        Assert.Equal((double)result["runs"]![1]!["medianMicroseconds"]! / (double)result["runs"]![0]!["medianMicroseconds"]!, (double)result["speed"]!, 6);
        Assert.True((bool)result["passes"]!);
        Assert.NotEmpty(result["outputs"]!);
        Assert.All(result["outputs"]!, o => Assert.True((bool)o["passes"]!));
    }

    /// <summary>Rounded weights are told from the others, and take less memory.</summary>
    [OpenClFact]
    public void Storage_is_that_of_the_device_alone()
    {
        JObject result = Bench(ExitCode.Ok, Fixtures.Path("architectures", "encoder_mini.json.gz"), "--device", "opencl:0", "--storage", "float16", "--against", "opencl:0", "--rounds", "1");
        Assert.Equal(["opencl:0 float16", "opencl:0"], result["runs"]!.Select(r => (string)r["device"]!));
        Assert.InRange((double)result["runs"]![0]!["deviceBytes"]! / (double)result["runs"]![1]!["deviceBytes"]!, 0.4, 0.7);
        Assert.InRange((double)result["outputs"]![0]!["absolute"]!, double.Epsilon, 1e-2);
    }

    /// <summary>Where ONNX Runtime is not there, that is what is said.</summary>
    [Fact]
    public void ONNX_Runtime_is_a_device_to_hold_against()
    {
        (ExitCode exit, string output, string errors) = Tool.Run("bench", Imdb, "--against", "onnx", "--rounds", "1", "--threads", "1");
        if (OnnxRuntimeLibrary.Reason is { } reason)
        {
            Assert.Equal(ExitCode.Unsupported, exit);
            Assert.Contains(reason, errors, StringComparison.Ordinal);
            return;
        }

        Assert.True(exit == ExitCode.Ok, output + errors);
        Assert.Matches("cpu is [0-9.]+ times as fast as onnx", output);
        Assert.Contains("same numbers", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Inputs_may_come_from_a_file_and_sizes_from_the_command_line()
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("inputs.npy");
        Npy.Write(file, Tensor.Zeros(DType.Float32, new Shape(5, 500)));
        Assert.Equal([4, 500], Bench(ExitCode.Ok, Imdb, "--input", file, "--batch", "4", "--rounds", "1")["inputs"]![0]!["shape"]!.Select(d => (int)d));
        Assert.Contains("fewer than the 6 rows", Problem(Bench(ExitCode.Usage, Imdb, "--input", file, "--batch", "6")), StringComparison.Ordinal);
        Assert.Contains("--input", Problem(Bench(ExitCode.Usage, Imdb, "--input", file, "--fix-shape", "batch=2")), StringComparison.Ordinal);

        JObject open = Bench(ExitCode.Ok, Fixtures.Path("architectures", "char_gru.json.gz"), "--batch", "2", "--fix-shape", "time=9", "--rounds", "1");
        Assert.Equal([2, 9], open["inputs"]![0]!["shape"]!.Select(d => (int)d));
    }

    [Theory]
    [InlineData(2, "\"cuda\"; expected cpu, gpu, auto or opencl:N", "--device", "cuda")]
    [InlineData(2, "\"cuda\"; expected cpu, gpu, auto, onnx or opencl:N", "--against", "cuda")]
    [InlineData(4, "opencl:99", "--device", "opencl:99")]
    [InlineData(2, "--rounds must be at least 1", "--rounds", "0")]
    [InlineData(2, "--threads must be at least 1", "--threads", "0")]
    [InlineData(2, "--batch must be at least 1", "--batch", "-1")]
    [InlineData(2, "embedding_2_input (batch, 500)", "--fix-shape", "width=3")]
    public void What_makes_no_sense_is_named(int exit, string expected, params string[] options) =>
        Assert.Contains(expected, Problem(Bench((ExitCode)exit, [Imdb, .. options])), StringComparison.Ordinal);

    [Fact]
    public void Figures_are_written_too()
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("figures.json");
        (ExitCode exit, string output, string errors) = Tool.Run("bench", Imdb, "--rounds", "1", "-o", file);
        Assert.True(exit == ExitCode.Ok, output + errors);
        Assert.Contains("a call, median, µs", output, StringComparison.Ordinal);
        Assert.Equal("cpu", (string?)JObject.Parse(File.ReadAllText(file))["runs"]![0]!["device"]);
    }

    private static JObject Bench(ExitCode expected, params string[] arguments)
    {
        (ExitCode exit, string output, string errors) = Tool.Run(["bench", .. arguments, "--json"]);
        Assert.True(exit == expected, output + errors);
        return JObject.Parse(output);
    }

    private static string Problem(JObject failure)
    {
        JToken problem = Assert.Single(failure["problems"]!);
        return $"{problem["place"]}: {problem["found"]}";
    }
}
