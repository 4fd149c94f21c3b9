using System.Collections.Concurrent;
using System.Diagnostics;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime.OpenCl;

/// <summary>Who multiplies faster on a device, our kernels or CLBlast: both run when a product of a shape is first planned, and the answer stands as long as the process.</summary>
internal sealed class ProductRaces(OpenClContext context)
{
    /// <summary>Turns of each, and the runs of a turn, between which the queue is not waited for.</summary>
    private const int Turns = 3, Runs = 4;

    /// <summary>CLBlast has to be ahead by more than the clock's noise: our bits are the ones that another process gives too.</summary>
    private const double Margin = 0.95;

    private readonly ConcurrentDictionary<(Op Op, string Inputs), Lazy<bool>> _answers = new();

    /// <summary>How many races there were.</summary>
    public int Count => _answers.Count;

    /// <summary>True where CLBlast was faster, with what is added and applied to the product.</summary>
    /// <param name="node">The product.</param>
    /// <param name="shapes">The shapes of its inputs.</param>
    /// <param name="constants">Those of its inputs that no call changes.</param>
    /// <param name="options">How our kernels keep weights.</param>
    public bool ClBlastWins(Node node, IReadOnlyList<Shape?> shapes, IReadOnlyList<StoredInput?> constants, OpenClOptions options)
    {
        string inputs = string.Join(' ', shapes.Zip(constants, (shape, constant) => $"{shape}{(constant is null ? "?" : "=")}"));
        return _answers.GetOrAdd((node.Op, inputs), _ => new Lazy<bool>(() => Race(node, shapes, constants, options))).Value;
    }

    private bool Race(Node node, IReadOnlyList<Shape?> shapes, IReadOnlyList<StoredInput?> constants, OpenClOptions options)
    {
        using var scratch = new ScratchTensors();
        var g = new GraphBuilder();
        var open = new List<Value>();
        Value?[] inputs = [.. node.Inputs.Select((input, i) =>
        {
            if (input is not null && constants[i] is null)
            {
                open.Add(g.Input($"x{i}", input.DType, shapes[i]!.Value));
                return open[^1];
            }

            return constants[i] is { } constant ? g.Constant(constant.Read(scratch)) : null;
        })];
        Graph graph = g.Build(open, [g.Apply(node.Op, inputs)]);
        try
        {
            using var own = new Runner(graph, context, options with { Products = MatrixProducts.Own });
            using var other = new Runner(graph, context, options with { Products = MatrixProducts.ClBlast });
            double ownTime = double.MaxValue, otherTime = double.MaxValue;
            for (int turn = 0; turn < Turns; turn++)
            {
                ownTime = Math.Min(ownTime, own.Seconds(Runs));
                otherTime = Math.Min(otherTime, other.Seconds(Runs));
            }

            return otherTime < ownTime * Margin;
        }
        catch (Exception e) when (e is OpenClException or ResourceLimitException)
        {
            // A library that fails on this device, or needs more memory than there is, has lost.
            return false;
        }
    }

    /// <summary>One of the two, on the device and warm.</summary>
    private sealed class Runner : IDisposable
    {
        private readonly OpenClCounters _counters = new(null);
        private readonly OpenClContext _context;
        private readonly OpenClStore _store;
        private readonly OpenClPlan _plan;
        private readonly OpenClFrame _frame;

        public Runner(Graph graph, OpenClContext context, OpenClOptions options)
        {
            _context = context;
            _store = new OpenClStore(graph, context, options);
            try
            {
                _plan = new OpenClPlan(graph, [.. graph.Inputs.Select(i => i.Shape.Evaluate(new Dictionary<string, int>()))], _store, isNested: true);
                _frame = _plan.TryRent()!;
                foreach (Slot input in _plan.Inputs)
                {
                    context.Api.Clear(_frame.Queue, _frame.Buffers[input.Index], (long)input.Length * input.DType.Size());
                }

                Seconds(1);
            }
            catch
            {
                Dispose();
                throw;
            }
        }

        /// <summary>What so many runs take.</summary>
        public double Seconds(int runs)
        {
            long begin = Stopwatch.GetTimestamp();
            for (int i = 0; i < runs; i++)
            {
                _plan.Run(_frame, _counters);
            }

            _context.Api.Finish(_frame.Queue);
            return Stopwatch.GetElapsedTime(begin).TotalSeconds;
        }

        public void Dispose()
        {
            if (_frame is not null)
            {
                _plan.Return(_frame);
            }

            _plan?.Dispose();
            _store.Dispose();
        }
    }
}
