// The CPU executor beside ONNX Runtime, round by round in one process. From the repository's root:
//     dotnet run -c Release --project benchmarks/ratio
//     dotnet run -c Release --project benchmarks/ratio -- --only "IMDB|MLP" --threads 1 --rounds 21
//     dotnet run -c Release --project benchmarks/ratio -- --device 0
using System.CommandLine;
using System.Globalization;
using System.Text.RegularExpressions;
using KerasCompat.OnnxRuntime;
using KerasCompat.Ratio;
using KerasCompat.Runtime;
using KerasCompat.Runtime.Cpu.Kernels;

var only = new Option<string>("--only") { Description = "Races whose name and input shape match this expression.", DefaultValueFactory = _ => string.Empty };
var rounds = new Option<int>("--rounds") { Description = "Turns that each executor has.", DefaultValueFactory = _ => 11 };
var threads = new Option<int[]>("--threads") { Description = "Numbers of threads.", DefaultValueFactory = _ => [1, 2] };
var device = new Option<int?>("--device") { Description = "An OpenCL device to time as well: N of opencl:N in convert devices." };
var root = new RootCommand("Times networks in the CPU executor and in ONNX Runtime.") { only, rounds, threads, device };
root.SetAction(parsed => Run(parsed.GetValue(only)!, parsed.GetValue(rounds), parsed.GetValue(threads)!, parsed.GetValue(device) is { } number ? Device.OpenCl(number) : null));
return root.Parse(args).Invoke();

static int Run(string only, int rounds, int[] threads, Device? device)
{
    if (!OnnxRuntimeLibrary.IsAvailable)
    {
        Console.Error.WriteLine($"ONNX Runtime is not there: {OnnxRuntimeLibrary.Reason}.");
        return 2;
    }

    CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
    Console.WriteLine($"{Processor()}, {Environment.ProcessorCount} cores, {KernelTable.Active} kernels, .NET {Environment.Version}, ONNX Runtime {OnnxRuntimeLibrary.Version}");
    Console.WriteLine();
    Console.WriteLine($"| net | input | threads | µs | ONNX Runtime µs | ratio | goal | bytes a call |{(device is null ? string.Empty : $" {device} µs | of ours |")}");
    Console.WriteLine($"|---|---|---:|---:|---:|---:|---:|---:|{(device is null ? string.Empty : "---:|---:|")}");
    var results = new List<RaceResult>();
    foreach (Race race in Race.All)
    {
        string input = string.Join(' ', race.Inputs.Select(dims => $"({string.Join(", ", dims)})"));
        foreach (int count in Regex.IsMatch($"{race.Name} {input}", only, RegexOptions.IgnoreCase) ? threads : [])
        {
            RaceResult result = RaceResult.Run(race, count, rounds, device);
            results.Add(result);
            string missed = result.ReachesGoal ? string.Empty : " missed";
            Console.WriteLine($"| {race.Name} | {input} | {count} | {result.Ours:F1} | {result.Theirs:F1} | {result.Ratio:F2} | {race.Goal:F1}{missed} | {result.Bytes} |{(result.OnDevice is { } other ? $" {other:F1} | {other / result.Ours:F2} |" : string.Empty)}");
        }
    }

    if (results.Count == 0)
    {
        Console.Error.WriteLine($"No race matches \"{only}\".");
        return 2;
    }

    double mean = Math.Exp(results.Average(r => Math.Log(r.Ratio)));
    Console.WriteLine($"| total: geometric mean; ahead in {results.Count(r => r.Ratio >= 1)} of {results.Count}, goal reached in {results.Count(r => r.ReachesGoal)} | | | | | {mean:F2} | | |{(device is null ? string.Empty : " | |")}");
    RaceResult[] wrong = [.. results.Where(r => r.Difference is not (null or <= 1))];
    Array.ForEach(wrong, r => Console.Error.WriteLine($"{r.Race.Name}: outputs differ by {r.Difference:G3} times what is allowed."));
    return wrong.Length == 0 ? 0 : 1;
}

// The processor's name and family, where the system tells them.
static string Processor()
{
    const string info = "/proc/cpuinfo";
    string[] lines = File.Exists(info) ? File.ReadAllLines(info) : [];
    return Value("model name") is { } name ? $"{name} (family {Value("cpu family")})" : "processor unknown";

    string? Value(string key) => lines.FirstOrDefault(l => l.StartsWith(key, StringComparison.Ordinal))?.Split(':')[^1].Trim();
}
