using KerasCompat.Runtime.Cpu;
using KerasCompat.Runtime.OpenCl.Kernels;

namespace KerasCompat.Runtime.OpenCl;

/// <summary>What an operator needs to add its kernels to a plan: where its inputs and outputs will lie on the device, and what is known of them.</summary>
/// <remarks>
/// Asking for a shape or type changes nothing; asking for a slot brings the value to the device. An operator that does not take 16-bit
/// floats or small integers as they are sees wider ones, as on the CPU: conversions stand before and after its kernels.
/// </remarks>
internal sealed class DeviceBinding(Node node, OpenClPlan plan, string text)
{
    private readonly Dictionary<int, Slot> _inputs = [], _outputs = [];
    private readonly bool _widens = !node.Op.TakesAnyType;

    public DeviceProperties Device => plan.Properties;

    public int InputCount => node.Inputs.Count;

    public int OutputCount => node.Outputs.Count;

    /// <summary>False where the device cannot compute one of the types.</summary>
    public bool HasTypes => Device.HasDouble || node.Inputs.OfType<Value>().Concat(node.Outputs).All(v => v.DType != DType.Float64);

    public bool Has(int input) => input < node.Inputs.Count && node.Inputs[input] is not null;

    public DType Type(int input) => Seen(node.Inputs[input]!.DType);

    public Shape Shape(int input) => plan.ShapeOf(node.Inputs[input]!);

    public DType OutputType(int output) => Seen(node.Outputs[output].DType);

    public Shape OutputShape(int output) => plan.ShapeOf(node.Outputs[output]);

    /// <summary>An input that no call changes, else null.</summary>
    public StoredInput? Constant(int input) => Has(input) ? plan.Constant(node.Inputs[input]!) : null;

    /// <summary>The input on the device.</summary>
    public Slot Input(int input)
    {
        if (!_inputs.TryGetValue(input, out Slot slot))
        {
            Slot stored = plan.DeviceSlot(node.Inputs[input]!);
            slot = stored;
            if (Seen(stored.DType) != stored.DType)
            {
                slot = Workspace(Seen(stored.DType), stored.Length) with { Shape = stored.Shape };
                MovementKernels.Convert(stored, slot, this);
            }

            _inputs.Add(input, slot);
        }

        return slot;
    }

    /// <summary>The output on the device.</summary>
    public Slot Output(int output)
    {
        if (!_outputs.TryGetValue(output, out Slot slot))
        {
            Slot stored = plan.OutputSlot(node.Outputs[output]);
            slot = Seen(stored.DType) == stored.DType ? stored : Workspace(Seen(stored.DType), stored.Length) with { Shape = stored.Shape };
            _outputs.Add(output, slot);
        }

        return slot;
    }

    /// <summary>Device memory that is the operator's while it runs.</summary>
    public Slot Workspace(DType dtype, int length) => plan.DeviceWorkspace(dtype, length);

    /// <summary>Numbers that the kernels look up.</summary>
    public Slot Table<T>(ReadOnlySpan<T> numbers)
        where T : unmanaged => plan.Table(numbers);

    /// <summary>At least that many zeros.</summary>
    public Slot Zeros(DType dtype, int length) => plan.Shared(("zeros", dtype, length), dtype, new Shape(length), () => new byte[length * dtype.Size()]);

    /// <summary>Whether weights of float32 are kept as float16.</summary>
    public bool RoundsWeights => plan.Options.Storage == DType.Float16;

    /// <summary>Something made of a constant input in the type of computing, for all plans.</summary>
    public Slot Shared(int input, object what, DType dtype, Shape shape, Func<Tensor, byte[]> make)
    {
        StoredInput constant = Constant(input)!;
        return plan.Shared((constant.Identity, what), dtype, shape, () =>
        {
            using var scratch = new ScratchTensors();
            return make(constant.Read(scratch).Cast(Seen(constant.DType)));
        });
    }

    /// <summary>
    /// A matrix or table made of a constant input, for all plans: float16 where the model has it so or the option asks for it, else in the
    /// type of computing. The slot's type says which; <see cref="ElementTypes.Load"/> reads either.
    /// </summary>
    /// <param name="input">The input.</param>
    /// <param name="what">What is made of it.</param>
    /// <param name="shape">The shape of what is made.</param>
    /// <param name="make">Moves the elements.</param>
    /// <exception cref="UnsupportedModelException">A weight is larger than any float16.</exception>
    public Slot Weights(int input, object what, Shape shape, Func<Tensor, byte[]> make)
    {
        StoredInput constant = Constant(input)!;
        DType stored = OpenClStore.StoredType(constant.DType, plan.Options) is DType.Float16 ? DType.Float16 : Seen(constant.DType);
        return plan.Shared((constant.Identity, what), stored, shape, () =>
        {
            using var scratch = new ScratchTensors();
            Tensor elements = constant.Read(scratch);
            return make(stored == elements.DType ? elements : stored == DType.Float16 ? Rounded(elements) : elements.Cast(stored));
        });
    }

    /// <summary>An input as it is; float16 where it is a constant of float32 and the option asks for it.</summary>
    public Slot Kept(int input) => Constant(input) is { DType: DType.Float32 } && RoundsWeights
        ? Weights(input, "as it is", Shape(input), w => w.Bytes.ToArray())
        : Input(input);

    /// <summary>Where kernels note an index outside its axis.</summary>
    public (Slot Errors, int Number) Check(string what, int size) => plan.Check(what, size);

    /// <summary>CLBlast, where the options leave this product to it and it can compute it: on the operator's inputs as they lie, of weights that are not rounded.</summary>
    /// <param name="product">The product, its right operand not packed.</param>
    public ClBlastApi? ClBlastFor(Product product) =>
        ClBlastProduct.Takes(product)
        && node.Inputs.All(i => i is null || i.DType == DType.Float32)
        && (Constant(1) is null || !RoundsWeights)
            ? plan.ClBlastFor(node)
            : null;

    /// <summary>Adds a kernel; none where there is nothing to compute.</summary>
    public void Launch(string source, string kernel, WorkRange range, params IEnumerable<KernelArgument> arguments)
    {
        if (!range.IsEmpty)
        {
            plan.Add(new LaunchStep(text, source, kernel, range, [.. arguments]));
        }
    }

    /// <summary>Adds a kernel that runs several times, the next number from 0 on being its last argument.</summary>
    public void LaunchRepeatedly(string source, string kernel, WorkRange range, int times, IEnumerable<KernelArgument> arguments)
    {
        if (!range.IsEmpty)
        {
            plan.Add(new LaunchStep(text, source, kernel, range, [.. arguments, 0]) { Times = times });
        }
    }

    /// <summary>Adds a step of another kind.</summary>
    public void Add(Func<string, PlanStep> step) => plan.Add(step(text));

    /// <summary>A plan for a body graph, run inside a step.</summary>
    public (int Number, OpenClPlan Plan) Nest(Graph body, IReadOnlyList<Shape> inputs, int repetitions) => plan.NestOnDevice(body, inputs, repetitions);

    /// <summary>Gives every output a place, and rounds those that were computed in a wider type.</summary>
    public void Complete()
    {
        for (int i = 0; i < node.Outputs.Count; i++)
        {
            Slot computed = Output(i), stored = plan.OutputSlot(node.Outputs[i]);
            if (computed != stored)
            {
                MovementKernels.Convert(computed, stored, this);
            }
        }
    }

    private Tensor Rounded(Tensor weights)
    {
        const float largest = 65504;
        float[] beyond = [.. weights.As<float>().ToArray().Where(w => float.IsFinite(w) && Math.Abs(w) > largest).Take(1)];
        return beyond.Length == 0
            ? weights.Cast(DType.Float16)
            : throw new UnsupportedModelException(text, $"a weight of {beyond[0]:G6}", $"at most {largest:N0}, the largest float16, in float16 storage", "keep the weights as float32");
    }

    private DType Seen(DType type) => _widens ? ElementTypes.Widened(type) : type;
}
