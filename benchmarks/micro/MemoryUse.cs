using System.Diagnostics;
using System.Globalization;
using KerasCompat.Runtime;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Benchmarks;

/// <summary>What a network takes of memory, each in a process of its own: memory that no file backs, in MB of a million bytes.</summary>
internal static class MemoryUse
{
    private const double MB = 1e6;

    /// <summary>Networks by their file below <c>tests/fixtures</c>, the number of words where inputs are word indices, and the input.</summary>
    private static readonly string[][] Nets =
    [
        ["architectures/resnet50.json.gz", "", "1,224,224,3"],
        ["architectures/mobilenetv2.json.gz", "", "1,224,224,3"],
        ["architectures/encoder_base.json.gz", "1000", "1,128"],
        ["architectures/imdb_lstm.json.gz", "5000", "32,80"],
        ["architectures/char_gru.json.gz", "66", "1,100"],
    ];

    /// <summary>Prints the table, or the lines of a file of one's own: <c>FILE 1,224,224,3</c>.</summary>
    public static void Print(string[] own)
    {
        Console.WriteLine("| net | weights | loaded | after the first prediction | once collected | of that activations | peak |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|---:|");
        foreach (string[] net in own is [var file, var input] ? [[Path.GetFullPath(file), "", input], [Path.GetFullPath(file), "", input, "left in the file"]] : Nets)
        {
            using Process process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["memory-of", .. net]))!;
            process.WaitForExit();
        }
    }

    /// <summary>Loads a network, predicts once and prints its line.</summary>
    /// <param name="net">File, number of words, input and, where weights are left in the file, a word for it.</param>
    public static void Measure(string[] net)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        Use(new BenchmarkNet("warm", "containers/keras-3.15.1/mlp.keras", null), new Shape(1, 6), false, () => { });
        double before = Anonymous(collect: true), loaded = 0;
        using var peak = new Peak();
        var network = new BenchmarkNet(Path.GetFileName(net[0]), net[0], net[1].Length == 0 ? null : int.Parse(net[1]));
        var shape = new Shape([.. net[2].Split(',').Select(int.Parse)]);
        using KerasModel model = Use(network, shape, net.Length > 3, () => loaded = Anonymous());
        double used = Anonymous(), highest = peak.Stop(), held = Anonymous(collect: true);
        double weights = model.Weights.Sum(w => (double)w.Shape.ElementCount * w.DType.Size());
        using var executable = new CpuExecutable(model.Graph);
        long activations = executable.Plan([network.Input(model, shape).Shape]).ArenaBytes;
        string name = $"{network.Name} {shape}{(net.Length > 3 ? $", {net[3]}" : string.Empty)}";
        Console.WriteLine($"| {name} | {weights / MB:F1} | {(loaded - before) / MB:F1} | {(used - before) / MB:F1} | {(held - before) / MB:F1} | {activations / MB:F1} | {(highest - before) / MB:F1} |");
    }

    private static KerasModel Use(BenchmarkNet net, Shape shape, bool leaveWeightsInFile, Action loaded)
    {
        KerasModel model = net.Load(leaveWeightsInFile);
        loaded();
        model.Predict(net.Input(model, shape));
        return model;
    }

    private static double Anonymous(bool collect)
    {
        if (collect)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }

        return Anonymous();
    }

    /// <summary>Resident memory that no file backs; where the system does not tell, the process's private memory.</summary>
    private static double Anonymous()
    {
        const string status = "/proc/self/status";
        return File.Exists(status)
            ? 1024.0 * long.Parse(File.ReadLines(status).First(l => l.StartsWith("RssAnon", StringComparison.Ordinal)).Split((char[])[':', 'k'])[1], CultureInfo.InvariantCulture)
            : Process.GetCurrentProcess().PrivateMemorySize64;
    }

    /// <summary>Looks a thousand times a second for the most that is in use.</summary>
    private sealed class Peak : IDisposable
    {
        private readonly Thread _thread;
        private volatile bool _stopped;
        private double _highest;

        public Peak()
        {
            _thread = new Thread(() =>
            {
                while (!_stopped)
                {
                    _highest = Math.Max(_highest, Anonymous());
                    Thread.Sleep(1);
                }
            });
            _thread.Start();
        }

        public double Stop()
        {
            Dispose();
            return _highest;
        }

        public void Dispose()
        {
            _stopped = true;
            _thread.Join();
        }
    }
}
