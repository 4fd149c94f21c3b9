using KerasCompat.Convert.Output;
using KerasCompat.Runtime;
using KerasCompat.Verification;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Convert.Bench;

/// <summary>What <c>convert bench</c> measured.</summary>
/// <param name="File">The model's file.</param>
/// <param name="Inputs">The inputs of a call.</param>
/// <param name="Weights">How many numbers the weights are.</param>
/// <param name="WeightBytes">Their bytes, as the file's types have them.</param>
/// <param name="Threads">Threads of the CPU executor and of ONNX Runtime.</param>
/// <param name="Rounds">Turns that each device had.</param>
/// <param name="Runs">The device, and the one that it is held against where there is one.</param>
/// <param name="Tolerance">How far outputs may be apart, as a part of the largest number of each.</param>
/// <param name="Compared">How far the outputs of the first are from those of the second; empty where there is no second.</param>
internal sealed record BenchResult(
    string File, IReadOnlyList<(string Name, DType Type, Shape Shape)> Inputs, long Weights, long WeightBytes, int Threads, int Rounds, IReadOnlyList<BenchRun> Runs, double Tolerance, IReadOnlyList<ArrayComparison> Compared)
{
    /// <summary>How many times as fast the first device is as the second, by their medians; null where there is no second.</summary>
    public double? Speed => Runs is [var own, var other] ? other.Median / own.Median : null;

    public bool Passes => Compared.All(c => c.Passes);

    public JObject Json() => new()
    {
        ["file"] = File,
        ["inputs"] = new JArray(Inputs.Select(i => new JObject { ["name"] = i.Name, ["type"] = i.Type.Name(), ["shape"] = new JArray(i.Shape) })),
        ["weights"] = Weights,
        ["weightBytes"] = WeightBytes,
        ["threads"] = Threads,
        ["rounds"] = Rounds,
        ["runs"] = new JArray(Runs.Select(r => r.Json())),
        ["speed"] = Speed,
        ["passes"] = Runs.Count > 1 ? Passes : null,
        ["tolerance"] = Runs.Count > 1 ? Tolerance : null,
        ["outputs"] = ComparisonJson.Write(Compared),
    };

    /// <summary>A table with a column for each device, and the outcome of the comparison.</summary>
    public IEnumerable<string> Lines()
    {
        yield return $"{Path.GetFileName(File)}: {string.Join(", ", Inputs.Select(i => $"{i.Name} {i.Type.Name()} {i.Shape}"))}; {Weights:N0} weights of {WeightBytes:N0} bytes; {Threads} thread{(Threads == 1 ? string.Empty : "s")}, {Rounds} round{(Rounds == 1 ? string.Empty : "s")}";
        foreach (BenchRun run in Runs.Where(r => r.Hardware is not null))
        {
            yield return $"{run.Device}: {run.Hardware}";
        }

        yield return string.Empty;
        foreach ((string what, Func<BenchRun, string?> value) in BenchRun.Rows.Where(r => Runs.Any(run => r.Value(run) is not null)))
        {
            yield return $"{what,-36}{string.Concat(Runs.Select(r => $"{value(r) ?? "–",20}"))}";
        }

        if (Speed is { } speed)
        {
            yield return string.Empty;
            yield return $"{Runs[0].Device} is {speed:0.###} times as fast as {Runs[1].Device}";
            foreach (ArrayComparison output in Compared)
            {
                yield return output.ToString();
            }

            yield return Terminal.Verdict(Passes, $"{(Passes ? "same numbers" : "DIFFERENT NUMBERS")} (allowed: {Tolerance:0.##e+0} of the largest)");
        }
    }
}

/// <summary>What was measured on a device.</summary>
/// <param name="Device">Its name for <c>--device</c>.</param>
/// <param name="Hardware">The maker's name of it, where OpenCL tells.</param>
/// <param name="Load">Reading the file and building the graph.</param>
/// <param name="FirstCall">The first call, with all that is done once.</param>
/// <param name="Samples">Microseconds of later calls, in increasing order.</param>
/// <param name="Allocated">Managed bytes that a call allocates.</param>
/// <param name="DeviceShare">The operators of a call that ran on the device, of all; null for the CPU.</param>
/// <param name="DeviceBytes">Bytes of device memory in use; null for the CPU.</param>
internal sealed record BenchRun(string Device, string? Hardware, TimeSpan Load, TimeSpan FirstCall, double[] Samples, long Allocated, double? DeviceShare, long? DeviceBytes)
{
    private const double Most = 0.95;

    /// <summary>The rows of the table; a device that has nothing for one gives null.</summary>
    public static IReadOnlyList<(string What, Func<BenchRun, string?> Value)> Rows { get; } =
    [
        (string.Empty, r => r.Device),
        ("load, ms", r => $"{r.Load.TotalMilliseconds:N1}"),
        ("first call, ms", r => $"{r.FirstCall.TotalMilliseconds:N1}"),
        ("a call, median, µs", r => $"{r.Median:N1}"),
        ("a call, fastest, µs", r => $"{r.Fastest:N1}"),
        ("95 of 100 calls take at most, µs", r => $"{r.P95:N1}"),
        ("managed bytes a call", r => $"{r.Allocated:N0}"),
        ("operators on the device", r => r.DeviceShare is { } share ? $"{share:P1}" : null),
        ("bytes of its memory", r => r.DeviceBytes is { } bytes ? $"{bytes:N0}" : null),
    ];

    public double Median => Turns.Median(Samples);

    public double Fastest => Samples[0];

    public double P95 => Turns.Within(Samples, Most);

    public JObject Json() => new()
    {
        ["device"] = Device,
        ["hardware"] = Hardware,
        ["loadMilliseconds"] = Load.TotalMilliseconds,
        ["firstCallMilliseconds"] = FirstCall.TotalMilliseconds,
        ["medianMicroseconds"] = Median,
        ["fastestMicroseconds"] = Fastest,
        ["p95Microseconds"] = P95,
        ["samples"] = Samples.Length,
        ["allocatedBytes"] = Allocated,
        ["deviceShare"] = DeviceShare,
        ["deviceBytes"] = DeviceBytes,
    };
}
