using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime.OpenCl.Kernels;

/// <summary>A recurrent net in a plan: its sizes, and what its kernels read and write.</summary>
/// <param name="Op">The net.</param>
/// <param name="Type">The elements.</param>
/// <param name="Batch">Examples.</param>
/// <param name="Time">Steps.</param>
/// <param name="Features">Elements of a step's input.</param>
/// <param name="Units">Units.</param>
/// <param name="X">The input or, of a net over an embedding, the indices of its rows.</param>
/// <param name="Table">The number of the input that is the embedding; null where there is none.</param>
internal sealed record RecurrentOperands(RecurrentOp Op, DType Type, int Batch, int Time, int Features, int Units, Slot X, int? Table)
{
    /// <summary>Units in vectors of a CPU, filled up.</summary>
    public int Padded => (Units + Lanes.Vector - 1) / Lanes.Vector * Lanes.Vector;

    /// <summary>Vectors of units.</summary>
    public int Blocks => Padded / Lanes.Vector;

    /// <summary>Elements of the recurrent weights: what one example's step multiplies.</summary>
    public long Weights => (long)Units * Units * Op.Gates;

    /// <summary>A GRU whose reset gate comes before the product takes two products a step, the second after all of the first.</summary>
    public bool HasTwoProducts => Op is GRU { ResetAfter: false };

    /// <summary>The parameters of every recurrent kernel.</summary>
    public string Parameters =>
        $"__global const REAL* restrict x, __global const {(Table is null ? "REAL" : ElementTypes.TypeName(X.DType))}* restrict indices, __global long* errors, "
        + "__global const WEIGHT* restrict weights, __global const REAL* restrict bias, __global const uchar* restrict mask, __global const REAL* restrict firstH, __global const REAL* restrict firstC, "
        + "__global REAL* y, __global REAL* lastH, __global REAL* lastC, int number, int size, int batch, int time, int units";

    /// <summary>The arguments for <see cref="Parameters"/>.</summary>
    /// <param name="b">The operator.</param>
    /// <param name="rows">What the steps' inputs give the gates: a row for each step, or for each index.</param>
    /// <param name="weights">The recurrent weights.</param>
    /// <param name="bias">What is added on the state's side; null for nothing.</param>
    public IEnumerable<KernelArgument> Arguments(DeviceBinding b, Slot rows, Slot weights, Slot? bias)
    {
        int count = Table is { } table ? b.Shape(table)[0] : 0;
        (Slot errors, int number) = Table is null ? (rows, 0) : b.Check("index", count);
        Slot y = b.Output(0), lastHidden = b.Output(1), lastCell = Op.StateCount > 1 ? b.Output(2) : lastHidden;
        return
        [
            rows, X, errors, weights, bias ?? weights, Optional(b, RecurrentOp.Mask) ?? rows, FirstState(b, 0) ?? rows, FirstState(b, 1) ?? rows,
            y, lastHidden, lastCell, number, count, Batch, Time, Units,
        ];
    }

    /// <summary>Where the input of a <c>row</c>'s step <c>at</c> lies among rows of that width.</summary>
    public string Input(string width) => Table is null ? $"x + (row * time + at) * {width}" : $"x + resolve(indices[row * time + at], size, errors, number) * {width}";

    /// <summary>Code that finds which step of the input <c>step</c> takes, and to which of a sequence it writes.</summary>
    public string Places => $"int at = {(Op.GoBackwards ? "time - 1 - step" : "step")}, place = {(Op.ReverseOutput ? "time - 1 - step" : "step")};";

    /// <summary>Where the output of a <c>row</c>'s step lies.</summary>
    public string Output => Op.ReturnSequences ? "y + (row * time + place) * units" : "y + row * units";

    /// <summary>What a masked step writes to <c>out[j]</c>.</summary>
    public string Masked => Op.ZeroOutputForMask ? "0" : Op.ReturnSequences ? $"step == 0 ? 0 : out[j {(Op.ReverseOutput ? "+" : "-")} units]" : "out[j]";

    public string Mask(DeviceBinding b) => b.Has(RecurrentOp.Mask) ? "mask[row * time + at]" : "1";

    /// <summary>The first value of a state's unit <c>j</c>.</summary>
    public string First(DeviceBinding b, int state) => FirstState(b, state) is null ? "0" : $"j < units ? {(state == 0 ? "firstH" : "firstC")}[row * units + j] : 0";

    public static Slot? Optional(DeviceBinding b, int input) => b.Has(input) ? b.Input(input) : null;

    /// <summary>Types and functions of the kernels.</summary>
    /// <param name="lanes">Units of a variable.</param>
    /// <param name="weights">How the recurrent weights are kept: they may be float16.</param>
    public string Functions(int lanes, DType weights)
    {
        var vector = new Lanes(Type, lanes);
        string real = ElementTypes.TypeName(Type);
        return $$"""
            {{Prelude.Source}}
            {{(Table is null ? string.Empty : IndexKernels.Resolve)}}
            typedef {{real}} REAL;
            typedef {{vector.Type}} REALS;
            typedef {{ElementTypes.StorageName(weights)}} WEIGHT;
            #define LANES {{lanes}}
            #define LOAD(p) {{vector.Load("p")}}
            #define WEIGHTS(p) {{(weights != DType.Float16 ? "LOAD(p)" : lanes == 1 ? "vload_half(0, p)" : $"vload_half{lanes}(0, p)")}}
            #define STORE(v, p) {{vector.Store("v", "p")}}
            {{Function("activation", Op.Activation)}}
            {{Function("gate", Op.GateActivation)}}

            """;

        string Function(string name, Op? activation) => ElementCode.Activation(activation, "v", vector) is { } expression
            ? $"inline REALS {name}(REALS v) {{ return {expression}; }}"
            : $$"""
            inline REALS {{name}}(REALS many)
            {
                REAL line[LANES];
                STORE(many, line)
                for (int i = 0; i < LANES; i++) { REAL v = line[i]; line[i] = {{ElementCode.Activation(activation, "v", new Lanes(Type, 1))}}; }
                return LOAD(line);
            }
            """;
    }

    /// <summary>
    /// The cell: from sums <c>g0</c>, <c>g1</c>, … of the states' products, inputs <c>x0</c>, <c>x1</c>, … and states <c>h</c> and <c>c</c> to
    /// the state <c>after</c>, and <c>c</c> anew.
    /// </summary>
    /// <param name="bias">The name of what is added to a gate's sum; empty for nothing.</param>
    public string Cell(Func<int, string> bias) => Op switch
    {
        LSTM => """
            REALS i = gate(g0 + x0), f = gate(g1 + x1), n = activation(g2 + x2), o = gate(g3 + x3);
            c = fma(f, c, i * n);
            REALS after = o * activation(c);
            """,
        GRU { ResetAfter: true } => $"""
            REALS z = gate(g0 + x0{bias(0)}), r = gate(g1 + x1{bias(1)}), n = activation(fma(r, g2{bias(2)}, x2));
            REALS after = fma(z, h - n, n);
            """,
        GRU => """
            REALS n = activation(g2 + x2);
            REALS after = fma(c, h - n, n);
            """,
        _ => "REALS after = activation(g0 + x0);",
    };

    /// <summary>The first product of a GRU whose reset gate comes before the second: the update gate is kept as <c>c</c>, <c>r</c> is what the second product takes.</summary>
    public const string Reset = """
        c = gate(g0 + x0);
        REALS r = gate(g1 + x1) * h;
        """;

    private Slot? FirstState(DeviceBinding b, int state) => state < Op.StateCount ? Optional(b, RecurrentOp.FirstState + state) : null;
}
