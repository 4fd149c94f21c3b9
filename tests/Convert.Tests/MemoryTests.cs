using System.Globalization;
using KerasCompat.Runtime;
using KerasCompat.Testing;
using Xunit.Abstractions;

namespace KerasCompat.Convert.Tests;

/// <summary>What many calls leave in memory. The whole process is looked at, so no other test may run beside.</summary>
[Collection(Name)]
[CollectionDefinition(Name, DisableParallelization = true)]
public class MemoryTests(ITestOutputHelper output)
{
    private const string Name = "memory";

    /// <summary>What the heap and the process hold after a first tenth of the calls, and after all; <c>KERASCOMPAT_CALLS</c> says how many.</summary>
    [Fact]
    public void Memory_stays_flat()
    {
        int calls = int.Parse(Environment.GetEnvironmentVariable("KERASCOMPAT_CALLS") ?? "20000", CultureInfo.InvariantCulture);
        using KerasModel model = KerasModel.Load(Fixtures.Path("seeds", "seeds-embedding-keras-2.15.0.keras"));
        int length = model.Inputs[0].Type.Shape[1].ValueOrNull ?? 6;
        Tensor[] inputs = [.. Enumerable.Range(1, 8).Select(rows => EnduranceTests.Drawn(rows, length))];
        for (int i = 0; i < calls / 10; i++)
        {
            model.Predict(inputs[i % inputs.Length]);
        }

        (long heap, long process) = (GC.GetTotalMemory(true), Environment.WorkingSet);
        for (int i = calls / 10; i < calls; i++)
        {
            model.Predict(inputs[i % inputs.Length]);
        }

        (long heapAfter, long processAfter) = (GC.GetTotalMemory(true), Environment.WorkingSet);
        output.WriteLine($"{calls} calls: heap {heap:N0} to {heapAfter:N0} bytes, process {process:N0} to {processAfter:N0}");
        Assert.InRange(heapAfter - heap, long.MinValue, 1 << 20);
        Assert.InRange(processAfter - process, long.MinValue, 64 << 20);
    }
}
