// Microseconds and allocated bytes a call, for the nets this library is for. From the repository's root:
//     dotnet run -c Release --project benchmarks/micro            the nets, then texts
//     dotnet run -c Release --project benchmarks/micro -- text    texts alone
//     dotnet run -c Release --project benchmarks/micro -- gemm    a large matrix product beside the core's peak
//     dotnet run -c Release --project benchmarks/micro -- ops     single operators and loading, by BenchmarkDotNet
//     dotnet run -c Release --project benchmarks/micro -- memory  what networks take of memory
//     dotnet run -c Release --project benchmarks/micro -- memory model.keras 1,224,224,3
using System.Diagnostics;
using System.Runtime.Intrinsics;
using KerasCompat;
using KerasCompat.Benchmarks;
using KerasCompat.Runtime;

if (args is ["memory-of", ..])
{
    MemoryUse.Measure(args[1..]);
    return;
}

Console.WriteLine($"{Environment.ProcessorCount} cores, {(Vector512.IsHardwareAccelerated ? "512" : Vector256.IsHardwareAccelerated ? "256" : "128")}-bit vectors, .NET {Environment.Version}");
Console.WriteLine();
if (args is ["text"])
{
    TextThroughput.Print();
    return;
}

if (args is ["memory", ..])
{
    MemoryUse.Print(args[1..]);
    return;
}

if (args is ["gemm"])
{
    GemmPeak.Print();
    return;
}

if (args is ["ops"])
{
    OperatorBenchmarks.Print();
    return;
}

Console.WriteLine("| net | input | median µs | fastest µs | bytes a call |");
Console.WriteLine("|---|---|---:|---:|---:|");
foreach (BenchmarkNet net in BenchmarkNet.All)
{
    using KerasModel model = net.Load();
    foreach (int[] dims in net.Inputs)
    {
        Tensor<float> input = net.Input(model, new Shape(dims));
        var output = new float[model.Predict(input).Length];
        Measurement measured = Measurement.Of(() => model.Predict(input.Span, input.Shape, output));
        Console.WriteLine(FormattableString.Invariant($"| {net.Name} | {input.Shape} | {measured.Median:F1} | {measured.Fastest:F1} | {measured.Bytes} |"));
    }
}

Console.WriteLine();
TextThroughput.Print();
