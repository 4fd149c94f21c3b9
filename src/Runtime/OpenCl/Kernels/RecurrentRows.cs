using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime.OpenCl.Kernels;

/// <summary>
/// A recurrent net on a CPU: a work-item walks the steps of some rows. Each step gathers the rows whose step counts and multiplies
/// their states in tiles, so that masked steps cost next to nothing and items need not wait for each other.
/// </summary>
internal static class RecurrentRows
{
    /// <summary>Rows of an item: their states stay in the nearer caches.</summary>
    private const int MostRows = 24;

    /// <summary>Bytes of weights that stay in the nearest cache from step to step.</summary>
    private const int NearestCache = 40 << 10;

    public static void Launch(RecurrentOperands net, DeviceBinding b, Slot rows, Slot weights, Slot? bias)
    {
        // As many items as there are processors, or a multiple of them.
        int processors = b.Device.ComputeUnits, items = (net.Batch + MostRows - 1) / MostRows;
        items = Math.Min(net.Batch, (items + processors - 1) / processors * processors);
        int own = (net.Batch + Math.Max(items, 1) - 1) / Math.Max(items, 1);
        Slot memory = b.Workspace(net.Type, net.Batch * StatesOf(net) * net.Padded);
        b.Launch(
            Source(net, b, weights.DType, own, bias is not null), "recurrent", WorkRange.Line(net.Units == 0 ? 0 : (net.Batch + Math.Max(own, 1) - 1) / Math.Max(own, 1), 1),
            [.. net.Arguments(b, rows, weights, bias), memory, net.Blocks]);
    }

    /// <summary>Two sides of h, and c or what a reset before the second product keeps.</summary>
    private static int StatesOf(RecurrentOperands net) => net.Op is LSTM ? 3 : net.HasTwoProducts ? 4 : 2;

    private static string Source(RecurrentOperands net, DeviceBinding b, DType weights, int own, bool hasBias)
    {
        RecurrentOp op = net.Op;
        int gates = op.Gates, states = StatesOf(net);
        int[] products = net.HasTwoProducts ? [2, 1] : [gates];
        bool hasC = op is LSTM || net.HasTwoProducts;
        return $$"""
            {{net.Functions(Lanes.Vector, weights)}}
            {{string.Concat(products.Select(g => RecurrentTiles.Functions(g, own)))}}
            {{string.Concat(products.Select((g, phase) => Update(net, phase, g, hasC, hasBias)))}}
            __kernel void recurrent({{net.Parameters}}, __global REAL* memory, int blocks)
            {
                int begin = (int)get_global_id(0) * {{own}}, rows = min({{own}}, batch - begin), padded = blocks * LANES;
                int side[{{own}}], moved[{{own}}];
                memory += begin * {{states}} * padded;
                for (int i = 0; i < rows; i++)
                {
                    int row = begin + i;
                    __global REAL* state = memory + i * {{states}} * padded;
                    side[i] = moved[i] = 0;
                    for (int j = 0; j < padded; j++) { state[j] = {{net.First(b, 0)}}; {{(op is LSTM ? $"state[2 * padded + j] = {net.First(b, 1)};" : string.Empty)}} }
                }
                for (int step = 0; step < time; step++)
                {
                    {{net.Places}}
                    int moving = 0, which[{{own}}];
                    __global const REAL* before[{{own + RecurrentTiles.MostRows}}], * inputs[{{own}}];
                    for (int i = 0; i < rows; i++)
                    {
                        int row = begin + i;
                        __global const REAL* input = {{net.Input($"{gates} * padded")}};
                        if (!{{net.Mask(b)}})
                        {
                            {{(op.ReturnSequences ? $"__global REAL* out = {net.Output}; for (int j = 0; j < units; j++) out[j] = {net.Masked};" : op.ZeroOutputForMask ? "moved[i] = 0;" : string.Empty)}}
                            continue;
                        }
                        which[moving] = i;
                        inputs[moving] = input;
                        before[moving++] = memory + ({{states}} * i + side[i]) * padded;
                        moved[i] = 1;
                    }
                    for (int i = moving; i < moving + {{RecurrentTiles.MostRows}} && moving > 0; i++) before[i] = before[moving - 1];
                    {{string.Join("\n        ", products.Select((g, phase) => Product(net, phase, g, own)))}}
                    for (int i = 0; i < moving; i++) side[which[i]] ^= 1;
                }
                for (int i = 0; i < rows; i++)
                {
                    int row = begin + i;
                    __global const REAL* state = memory + i * {{states}} * padded;
                    for (int j = 0; j < units; j++)
                    {
                        lastH[row * units + j] = state[side[i] * padded + j];
                        {{(op is LSTM ? "lastC[row * units + j] = state[2 * padded + j];" : string.Empty)}}
                        {{(op.ReturnSequences ? string.Empty : "y[row * units + j] = moved[i] ? state[side[i] * padded + j] : 0;")}}
                    }
                }
            }

            """;

        // The loop over blocks: a block's weights are read for all rows before the next block's.
        static string Product(RecurrentOperands net, int phase, int gates, int own)
        {
            bool isLast = !net.HasTwoProducts || phase == 1;
            string update = $"update{phase}(sums + m * {gates}, inputs[i + m] + block * {net.Op.Gates} * LANES, bias + block * LANES, memory + {StatesOf(net)} * which[i + m] * padded + block * LANES, side[which[i + m]] * padded, padded"
                + $"{(isLast && net.Op.ReturnSequences ? ", y + ((begin + which[i + m]) * time + place) * units + block * LANES, units - block * LANES" : string.Empty)});";
            bool pairs = gates < 4 || (long)gates * net.Units * net.Padded * net.Type.Size() <= NearestCache;
            string between = net.HasTwoProducts && phase == 1 ? $"for (int i = 0; i < moving + {RecurrentTiles.MostRows} && moving > 0; i++) before[i] = memory + ({StatesOf(net)} * which[min(i, moving - 1)] + 3) * padded;" : string.Empty;
            return $$"""
                {{between}}
                for (int block = 0; block < blocks && moving > 0; block++)
                {
                    __global const WEIGHT* w = weights + {{(phase == 1 ? "2 * units * padded + " : string.Empty)}}block * units * {{gates}} * LANES;
                    REALS sums[{{RecurrentTiles.MostRows * gates}}];
                    int i = 0, m = 0;
                    if ({{(pairs ? "moving == 1 && block + 1 < blocks" : "0")}})
                    {
                        pair{{gates}}(w, before, units, sums);
                        {{update}}
                        block++;
                        m = 0; REALS* second = sums + {{gates}};
                        {{update.Replace("sums + m", "second + m", StringComparison.Ordinal)}}
                        continue;
                    }
                    for (; i < moving; i += {{RecurrentTiles.MostRows}})
                    {
                        {{RecurrentTiles.Call(gates, own, "w, before + i, units, sums")}}
                        for (m = 0; m < min(moving - i, {{RecurrentTiles.MostRows}}); m++) {{update}}
                    }
                }
                """;
        }
    }

    /// <summary>What a block of a row's units becomes.</summary>
    private static string Update(RecurrentOperands net, int phase, int gates, bool hasC, bool hasBias)
    {
        bool isLast = !net.HasTwoProducts || phase == 1, writes = isLast && net.Op.ReturnSequences;
        int first = phase == 1 ? 2 : 0;
        int[] own = [.. Enumerable.Range(0, gates)];
        return $$"""
            inline void update{{phase}}(const REALS* sums, __global const REAL* input, __global const REAL* bias, __global REAL* state, int side, int padded{{(writes ? ", __global REAL* out, int rest" : string.Empty)}})
            {
                {{string.Join(" ", own.Select(g => $"REALS g{first + g} = sums[{g}], x{first + g} = LOAD(input + {first + g} * LANES);"))}}
                REALS h = LOAD(state + side){{(hasC ? ", c = LOAD(state + 2 * padded)" : string.Empty)}};
                {{(isLast ? net.Cell(g => g == 2 && hasBias ? " + LOAD(bias)" : string.Empty) : RecurrentOperands.Reset)}}
                {{(isLast ? "STORE(after, state + (side == 0 ? padded : 0))" : "STORE(r, state + 3 * padded)")}}
                {{(net.Op is LSTM || !isLast ? "STORE(c, state + 2 * padded)" : string.Empty)}}
                {{(writes ? "if (rest >= LANES) { STORE(after, out) } else { REAL line[LANES]; STORE(after, line) for (int i = 0; i < rest; i++) out[i] = line[i]; }" : string.Empty)}}
            }

            """;
    }
}
