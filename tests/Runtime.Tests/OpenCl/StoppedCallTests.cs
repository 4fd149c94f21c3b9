using System.Diagnostics;
using KerasCompat.Runtime.OpenCl;
using KerasCompat.Testing;
using static KerasCompat.Runtime.Tests.OpenCl.DeviceGraphs;

namespace KerasCompat.Runtime.Tests.OpenCl;

/// <summary>A call that is no longer wanted ends long before its last kernel, and leaves nothing behind in what it ran on.</summary>
[Collection("OpenCL")]
public class StoppedCallTests
{
    private const int Units = 512;

    [OpenClTheory]
    [InlineData("chain", 128)]
    [InlineData("scan", 128)]
    [InlineData("net", 4)]
    public void ACallIsStoppedBetweenItsKernels(string kind, int rows)
    {
        var g = new GraphBuilder();
        Value indices = g.Input("indices", DType.Int64, new SymbolicShape(rows));
        Value x = g.Apply(new Gather(0), Weight(g, 1, 8, Units), indices);
        using var executable = new OpenClExecutable(
            g.Build([indices], [kind switch { "chain" => Chain(g, x, 300), "scan" => Scanned(g, x, rows, 300), _ => Net(g, x, 800) }]),
            OpenClDevice.Devices[0].Context);
        Tensor good = Tensor.From([.. Enumerable.Range(0, rows).Select(i => i % 8L)], rows), bad = Tensor.From([.. Enumerable.Repeat(8L, rows)], rows);
        byte[] want = executable.Run([good])[0].Bytes.ToArray();
        var watch = Stopwatch.StartNew();
        executable.Run([good]);
        watch.Stop();

        byte[] watched = executable.Run([good], null, new CancellationTokenSource().Token)[0].Bytes.ToArray();
        Assert.True(IsStopped(executable, bad, watch.Elapsed / 50));

        // A call that had come to its end would have told the index outside the table; nor does the next one on the same memory tell it.
        Assert.Equal(want, executable.Run([good])[0].Bytes.ToArray());
        Assert.Equal(want, watched);
    }

    /// <summary>Whether a call ends when it is asked to soon after its beginning. A busy machine may ask too late, so it is tried again.</summary>
    private static bool IsStopped(OpenClExecutable executable, Tensor input, TimeSpan after)
    {
        for (int tries = 0; tries < 50; tries++)
        {
            using var source = new CancellationTokenSource();
            var asking = new Thread(() =>
            {
                Thread.Sleep(after);
                source.Cancel();
            });
            asking.Start();
            try
            {
                executable.Run([input], null, source.Token);
            }
            catch (OperationCanceledException stopped) when (stopped.CancellationToken == source.Token)
            {
                return true;
            }
            catch (ArgumentOutOfRangeException)
            {
                // It had come to its end.
            }
            finally
            {
                asking.Join();
            }
        }

        return false;
    }

    private static Value Chain(GraphBuilder g, Value x, int length)
    {
        Value weights = Weight(g, 2, Units, Units);
        for (int i = 0; i < length; i++)
        {
            x = g.Softmax(g.MatMul(x, weights), -1);
        }

        return x;
    }

    private static Value Scanned(GraphBuilder g, Value x, int rows, int steps)
    {
        var shape = new SymbolicShape(rows, Units);
        var body = new GraphBuilder();
        Value state = body.Input("state", DType.Float32, shape), slice = body.Input("slice", DType.Float32, new SymbolicShape(rows, 1));
        Value next = body.Softmax(body.Add(body.MatMul(state, Weight(body, 3, Units, Units)), slice), -1);
        return g.Scan(body.Build([state, slice], [next]), [x], [g.Zeros(new SymbolicShape(rows, steps, 1))], []).States[0];
    }

    /// <summary>A net of so many weights and few rows that each step is a launch.</summary>
    private static Value Net(GraphBuilder g, Value x, int steps)
    {
        Value sequence = g.Mul(g.ExpandDims(x, 1), g.Constant(Random(4, 1, steps, 1)));
        var net = new LSTM { Activation = new Tanh(), RecurrentActivation = new Sigmoid() };
        return g.LSTM(net, sequence, Weight(g, 5, Units, 4 * Units), Weight(g, 6, Units, 4 * Units)).States[0];
    }
}
