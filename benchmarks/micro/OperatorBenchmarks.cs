using System.Globalization;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using KerasCompat.Runtime;
using KerasCompat.Runtime.Cpu.Kernels;

namespace KerasCompat.Benchmarks;

/// <summary>Single operators at the sizes of the nets, and what loading costs, by BenchmarkDotNet; beside them what the core and its memory can do.</summary>
[MemoryDiagnoser]
public class OperatorBenchmarks
{
    private static readonly IReadOnlyList<OperatorBenchmark> All =
    [
        .. from shape in (int[][])[[1, 512, 512], [1, 768, 3072], [64, 512, 512], [128, 768, 3072], [256, 100, 400]] select OperatorBenchmark.Product(shape[0], shape[1], shape[2]),
        OperatorBenchmark.Convolution("convolution 3 × 3, 56 × 56 × 64", 56, 64, 64, 3),
        OperatorBenchmark.Convolution("convolution 1 × 1, 14 × 14 × 96 to 576", 14, 96, 576, 1),
        OperatorBenchmark.Depthwise(56, 144),
        OperatorBenchmark.Lstm(1),
        OperatorBenchmark.Lstm(80),
        OperatorBenchmark.Unary("softmax, 128 × 1,000", (g, x) => g.Softmax(x, -1), 128, 1000),
        OperatorBenchmark.Unary("tanh, a million", (g, x) => g.Apply(new Tanh(), x), 1000, 1000),
        OperatorBenchmark.Unary("sum of a tensor and itself, a million", (g, x) => g.Add(x, x), 1000, 1000),
        OperatorBenchmark.Embedding(256, 80),
        OperatorBenchmark.Loading("load", predicts: false),
        OperatorBenchmark.Loading("load and first prediction", predicts: true),
    ];

    /// <summary>What is timed.</summary>
    [ParamsSource(nameof(Names))]
    public string Name { get; set; } = string.Empty;

    /// <summary>The names of all there are.</summary>
    public static IEnumerable<string> Names => All.Select(o => o.Name);

    private Action _run = () => { };

    /// <summary>Makes the operator ready: plan and packed weights.</summary>
    [GlobalSetup]
    public void Setup()
    {
        CpuThreads.Count = 1;
        _run = All.Single(o => o.Name == Name).Make();
    }

    /// <summary>One call.</summary>
    [Benchmark]
    public void Call() => _run();

    /// <summary>Runs them all and prints a table.</summary>
    public static void Print()
    {
        IConfig config = ManualConfig.CreateEmpty()
            .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .AddDiagnoser(BenchmarkDotNet.Diagnosers.MemoryDiagnoser.Default)
            .AddLogger(NullLogger.Instance)
            .WithOptions(ConfigOptions.DisableLogFile);
        Summary summary = BenchmarkRunner.Run<OperatorBenchmarks>(config);
        Console.WriteLine($"One core, {KernelTable.Active}: {GemmPeak.Measure().Peak / 1e9:F1} GFLOP/s of multiply-adds alone, {Bandwidth() / 1e9:F1} GB/s copied in memory.".ToString(CultureInfo.InvariantCulture));
        Console.WriteLine();
        Console.WriteLine("| operator | median µs | GFLOP/s | GB/s | bytes allocated |");
        Console.WriteLine("|---|---:|---:|---:|---:|");
        foreach (BenchmarkReport report in summary.Reports)
        {
            OperatorBenchmark which = All.Single(o => o.Name == (string)report.BenchmarkCase.Parameters[nameof(Name)]);
            double nanoseconds = report.ResultStatistics!.Median;
            Console.WriteLine(FormattableString.Invariant(
                $"| {which.Name} | {nanoseconds / 1e3:F1} | {Rate(which.Operations, nanoseconds)} | {Rate(which.Bytes, nanoseconds)} | {report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase)} |"));
        }
    }

    private static string Rate(double amount, double nanoseconds) => amount == 0 ? string.Empty : (amount / nanoseconds).ToString("F1", CultureInfo.InvariantCulture);

    /// <summary>Bytes read and written a second when a large array is copied, the fastest of several.</summary>
    private static double Bandwidth()
    {
        byte[] from = new byte[256 << 20], to = new byte[from.Length];
        double fastest = 0;
        for (int round = 0; round < 8; round++)
        {
            long begin = System.Diagnostics.Stopwatch.GetTimestamp();
            from.AsSpan().CopyTo(to);
            fastest = Math.Max(fastest, 2.0 * from.Length / System.Diagnostics.Stopwatch.GetElapsedTime(begin).TotalSeconds);
        }

        return fastest;
    }
}
