using System.Numerics;

namespace KerasCompat.Runtime.Cpu;

/// <summary>What an operator needs to make its kernel: where its inputs and outputs will lie, and what is known of them.</summary>
internal sealed class CpuBinding
{
    private readonly IReadOnlyList<Slot?> _inputs;
    private readonly IReadOnlyList<Slot> _outputs;
    private readonly IReadOnlyList<StoredInput?> _constants;
    private readonly ICpuPlanning _planning;
    private readonly HashSet<int> _packed = [];

    public CpuBinding(IReadOnlyList<Slot?> inputs, IReadOnlyList<Slot> outputs, IReadOnlyList<StoredInput?> constants, ICpuPlanning planning)
    {
        _inputs = inputs;
        _outputs = outputs;
        _constants = constants;
        _planning = planning;
    }

    public int InputCount => _inputs.Count;

    public int OutputCount => _outputs.Count;

    public bool Has(int input) => input < _inputs.Count && _inputs[input] is not null;

    public Slot Input(int input) => _inputs[input] ?? throw new InvalidOperationException($"Input {input} is absent.");

    public Slot Output(int output) => _outputs[output];

    /// <summary>An input that no call changes, else null.</summary>
    public StoredInput? Constant(int input) => input < _constants.Count ? _constants[input] : null;

    /// <summary>Whether the kernel reads an input where it lies; one that it was made of is not read any more.</summary>
    public bool Reads(int input) => !_packed.Contains(input);

    /// <summary>Memory that is the kernel's while it runs; what an earlier call left there is undefined.</summary>
    public Slot Workspace(DType dtype, int length) => _planning.Workspace(dtype, length);

    /// <summary>Something that depends on nothing but its key: made once for all plans and kept with the model.</summary>
    public T Shared<T>(object key, Func<T> make)
        where T : class => _planning.Shared(key, make);

    /// <summary>Inputs that no call changes, packed for the kernel: once for all plans. The kernel must not read them where they lie.</summary>
    /// <param name="how">What is done to them.</param>
    /// <param name="pack">Makes it of the inputs' elements, float32.</param>
    /// <param name="unpack">For the first inputs, the way back: a weight that can be had from what was made of it is not kept besides.</param>
    /// <param name="inputs">The inputs; one that is absent gives null.</param>
    public T Packed<T>(object how, Func<IReadOnlyList<Tensor<float>?>, T> pack, IReadOnlyList<Unpacking<T>> unpack, params int[] inputs)
        where T : class
    {
        StoredInput?[] sources = [.. inputs.Select(Constant)];
        _packed.UnionWith(inputs);
        return _planning.Shared((how, EquatableList.Create<object?>([.. sources.Select(s => s?.Identity)])), () =>
        {
            using var scratch = new ScratchTensors();
            (Tensor? Elements, WeightSource? From)[] read = [.. sources.Select(s => s?.Weight is { } weight ? weight.Read(scratch) : (s?.Read(scratch), null))];
            T packed = pack([.. read.Select(r => r.Elements?.As<float>())]);
            for (int i = 0; i < unpack.Count; i++)
            {
                Unpacking<T> back = unpack[i];
                if (sources[i]?.Weight is { } weight)
                {
                    weight.Replace(read[i].From!, new RestoredWeight(weight.DType, weight.Shape, tensor => back(packed, tensor.As<float>().Span)));
                }
            }

            return packed;
        });
    }

    /// <summary>A plan for a body graph (of Scan, Loop, If) with inputs of these shapes, run inside this node.</summary>
    public CpuNestedPlan Nest(Graph body, IReadOnlyList<Shape> inputs) => _planning.Nest(body, inputs);

    /// <summary>The kernel of an operator of one input that works inside this one, between slots of this one's workspace.</summary>
    public CpuKernel Inner(Op op, Slot input, Slot output) => Bind(op, new CpuBinding([input], [output], [null], _planning));

    /// <summary>The operator's kernel for the element type of its first input.</summary>
    public CpuKernel Numeric(INumericKernel op) => Numeric(op, Input(0).DType);

    /// <summary>The operator's kernel for a numeric element type.</summary>
    public CpuKernel Numeric(INumericKernel op, DType type) => type switch
    {
        DType.Float32 => op.Make<float>(this),
        DType.Float64 => op.Make<double>(this),
        DType.Int32 => op.Make<int>(this),
        DType.Int64 => op.Make<long>(this),
        DType.UInt64 => op.Make<ulong>(this),
        _ => throw new InvalidOperationException($"{op} has no kernel for {type.Name()}."),
    };

    /// <summary>The operator's kernel for the integer element type of its first input.</summary>
    public CpuKernel Integer(IIntegerKernel op) => Input(0).DType switch
    {
        DType.Int32 => op.Make<int>(this),
        DType.Int64 => op.Make<long>(this),
        DType.UInt64 => op.Make<ulong>(this),
        var type => throw new InvalidOperationException($"{op} has no kernel for {type.Name()}."),
    };

    /// <summary>The operator's kernel for a floating element type.</summary>
    public CpuKernel Floating(IFloatingKernel op) => Input(0).DType switch
    {
        DType.Float32 => op.Make<float>(this),
        DType.Float64 => op.Make<double>(this),
        var type => throw new InvalidOperationException($"{op} has no kernel for {type.Name()}."),
    };

    /// <summary>The operator's kernel for elements moved as they are: by size, or text.</summary>
    public CpuKernel Moving(IMovingKernel op, DType type) => type switch
    {
        DType.String => op.MakeText(this),
        _ => type.Size() switch
        {
            1 => op.Make<byte>(this),
            2 => op.Make<ushort>(this),
            4 => op.Make<uint>(this),
            _ => op.Make<ulong>(this),
        },
    };

    /// <summary>
    /// Makes an operator's kernel, with conversions around it where the operator does not take the element types as they are:
    /// 16-bit floats are computed as float32, integers of fewer than 64 bits but int32 as int64, and results are rounded back.
    /// </summary>
    public static CpuKernel Bind(Op op, CpuBinding binding)
    {
        if (op.TakesAnyType || binding.Slots().All(s => Widened(s.DType) == s.DType))
        {
            return op.Bind(binding);
        }

        StoredInput?[] constants = [.. binding._constants.Select(c => c?.Cast(Widened(c.DType)))];
        Slot?[] inputs = [.. binding._inputs.Select(slot => slot is { } s ? Wide(s) : (Slot?)null)];
        Slot[] outputs = [.. binding._outputs.Select(Wide)];
        var inside = new CpuBinding(inputs, outputs, constants, binding._planning);
        CpuKernel inner = op.Bind(inside);
        binding._packed.UnionWith(inside._packed);
        (Slot From, Slot To)[] before = [.. inputs.Index().Where(i => i.Item is not null && inside.Reads(i.Index)).Select(i => (binding.Input(i.Index), i.Item!.Value)).Where(c => c.Item1 != c.Item2)];
        (Slot From, Slot To)[] after = [.. outputs.Zip(binding._outputs).Where(c => c.First != c.Second)];
        return frame =>
        {
            Convert(frame, before);
            inner(frame);
            Convert(frame, after);
        };

        Slot Wide(Slot slot) =>
            Widened(slot.DType) == slot.DType ? slot : binding.Workspace(Widened(slot.DType), slot.Length) with { Shape = slot.Shape };

        static void Convert(CpuFrame frame, (Slot From, Slot To)[] conversions)
        {
            foreach ((Slot from, Slot to) in conversions)
            {
                TensorConversion.Cast(from.DType, frame.Bytes(from), to.DType, frame.Bytes(to));
            }
        }
    }

    private static DType Widened(DType type) => type switch
    {
        DType.Float16 or DType.BFloat16 => DType.Float32,
        DType.Int8 or DType.Int16 or DType.UInt8 or DType.UInt16 or DType.UInt32 => DType.Int64,
        _ => type,
    };

    private IEnumerable<Slot> Slots() => _inputs.Where(s => s is not null).Select(s => s!.Value).Concat(_outputs);
}

/// <summary>What a binding asks of the plan it is part of.</summary>
internal interface ICpuPlanning
{
    Slot Workspace(DType dtype, int length);

    T Shared<T>(object key, Func<T> make)
        where T : class;

    CpuNestedPlan Nest(Graph body, IReadOnlyList<Shape> inputs);
}

/// <summary>An operator whose kernel is written once for float, double, int, long and ulong.</summary>
internal interface INumericKernel
{
    CpuKernel Make<T>(CpuBinding binding)
        where T : unmanaged, INumber<T>, IMinMaxValue<T>;
}

/// <summary>An operator whose kernel is written once for int, long and ulong.</summary>
internal interface IIntegerKernel
{
    CpuKernel Make<T>(CpuBinding binding)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>;
}

/// <summary>An operator whose kernel is written once for float and double.</summary>
internal interface IFloatingKernel
{
    CpuKernel Make<T>(CpuBinding binding)
        where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T>;
}

/// <summary>An operator that moves elements without looking at them.</summary>
internal interface IMovingKernel
{
    CpuKernel Make<T>(CpuBinding binding)
        where T : unmanaged;

    CpuKernel MakeText(CpuBinding binding);
}
