using System.Buffers;

namespace KerasCompat.Runtime.Cpu;

/// <summary>Runs one operator on tensors at hand: for constant folding and for graphs whose shapes depend on elements.</summary>
internal static unsafe class NodeRunner
{
    /// <summary>Computes the outputs of an operator, whose types have known shapes.</summary>
    /// <param name="op">The operator.</param>
    /// <param name="inputs">Its inputs.</param>
    /// <param name="types">The types of its outputs.</param>
    /// <param name="scratch">Has the outputs' memory; null for arrays.</param>
    public static Tensor[] Run(Op op, IReadOnlyList<Tensor?> inputs, IReadOnlyList<TensorType> types, ScratchTensors? scratch = null)
    {
        if (op is DynamicOp dynamic)
        {
            return [.. dynamic.Evaluate(inputs)];
        }

        if (op.IsView)
        {
            return [inputs[0]!.Reshape(types[0].Shape.Evaluate(NoSymbols))];
        }

        Func<DType, Shape, Tensor> zeros = scratch is null ? Tensor.Zeros : scratch.Zeros;
        Tensor[] outputs = [.. types.Select(t => zeros(t.DType, t.Shape.Evaluate(NoSymbols)))];
        var planning = new Planning(inputs.Count + outputs.Length);
        Slot?[] inputSlots = [.. inputs.Select((t, i) => t is null ? (Slot?)null : new Slot(i, t.DType, t.Shape))];
        Slot[] outputSlots = [.. outputs.Select((t, i) => new Slot(inputs.Count + i, t.DType, t.Shape))];
        CpuKernel kernel = CpuBinding.Bind(op, new CpuBinding(inputSlots, outputSlots, [.. inputs.Select(t => t is null ? null : StoredInput.Of(t))], planning));
        using CpuFrame frame = planning.Frame();
        var pins = new List<MemoryHandle>();
        try
        {
            for (int i = 0; i < inputs.Count + outputs.Length; i++)
            {
                if ((i < inputs.Count ? inputs[i] : outputs[i - inputs.Count]) is { } tensor)
                {
                    pins.AddRange(Point(frame, i, tensor));
                }
            }

            kernel(frame);
        }
        finally
        {
            pins.ForEach(pin => pin.Dispose());
        }

        return outputs;
    }

    /// <summary>Lets a slot of a frame lie where a tensor lies; the result keeps the tensor there.</summary>
    internal static MemoryHandle[] Point(CpuFrame frame, int slot, Tensor tensor)
    {
        if (tensor is Tensor<string> text)
        {
            frame.Point(slot, text.Memory);
            return [];
        }

        MemoryHandle pin = tensor.Pin();
        frame.Point(slot, pin.Pointer);
        return [pin];
    }

    private static readonly Dictionary<string, int> NoSymbols = [];

    private sealed class Planning(int slots) : ICpuPlanning
    {
        private readonly MemoryPlan _memory = new();
        private readonly List<CpuNestedPlan> _nested = [];
        private int _slots = slots;

        public Slot Workspace(DType dtype, int length)
        {
            _memory.Add(_slots, (long)length * dtype.Size(), 0, 0);
            return new Slot(_slots++, dtype, new Shape(length));
        }

        public T Shared<T>(object key, Func<T> make)
            where T : class => make();

        public CpuNestedPlan Nest(Graph body, IReadOnlyList<Shape> inputs)
        {
            var plan = new CpuNestedPlan(_nested.Count, new CpuPlan(body, inputs, new CpuStore(body, once: true)));
            _nested.Add(plan);
            return plan;
        }

        public CpuFrame Frame()
        {
            (IReadOnlyList<(int Slot, long Offset)> places, long bytes) = _memory.Place();
            var frame = new CpuFrame(_slots, bytes) { Children = [.. _nested.Select(n => n.Plan.NewFrame())] };
            foreach ((int slot, long offset) in places)
            {
                frame.Place(slot, offset);
            }

            return frame;
        }
    }
}
