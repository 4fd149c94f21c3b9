namespace KerasCompat.Runtime.Tests.Neural;

public class RecurrentTests
{
    public enum Masking
    {
        None,
        PostPadding,
        PrePadding,
        Holes,
        AllMaskedRow,
    }

    public sealed record Case(DType Type, string Cell, int Batch, int Time, int Features, int Units)
    {
        public string Activation { get; init; } = "tanh";

        public string RecurrentActivation { get; init; } = "sigmoid";

        public Masking Masking { get; init; }

        public bool GoBackwards { get; init; }

        public bool ReturnSequences { get; init; }

        public bool ZeroOutputForMask { get; init; }

        public bool InitialStates { get; init; }

        public bool Bias { get; init; } = true;

        public bool ReverseOutput { get; init; }
    }

    public static TheoryData<Case> Cases()
    {
        var data = new TheoryData<Case>();
        foreach (DType type in new[] { DType.Float32, DType.Float64 })
        {
            foreach (string cell in new[] { "SimpleRNN", "LSTM", "GRU", "GRU_reset_before" })
            {
                var small = new Case(type, cell, 3, 5, 4, 6);
                data.Add(small);
                data.Add(small with { ReturnSequences = true });
                data.Add(small with { GoBackwards = true, InitialStates = true });
                data.Add(small with { Bias = false, ReturnSequences = true, GoBackwards = true });
                data.Add(small with { Activation = "relu", RecurrentActivation = "hard_sigmoid" });
                data.Add(small with { Activation = "plain tanh", RecurrentActivation = "plain sigmoid" });
                data.Add(small with { Activation = "linear", RecurrentActivation = "softmax", ReturnSequences = true });
                data.Add(small with { Time = 0, InitialStates = true, ReturnSequences = true });
                data.Add(small with { Time = 0 });
                data.Add(small with { Time = 1, Batch = 1, Units = 1, Features = 1 });
                data.Add(small with { Batch = 0 });
                data.Add(small with { Batch = 1, Time = 7, Features = 19, Units = 33, ReturnSequences = true });
                data.Add(small with { Batch = 9, Time = 4, Features = 5, Units = 48 });
                foreach (Masking masking in Enum.GetValues<Masking>()[1..])
                {
                    data.Add(small with { Masking = masking });
                    data.Add(small with { Masking = masking, ReturnSequences = true });
                    data.Add(small with { Masking = masking, ReturnSequences = true, ZeroOutputForMask = true });
                    data.Add(small with { Masking = masking, ZeroOutputForMask = true });
                    data.Add(small with { Masking = masking, GoBackwards = true, ReturnSequences = true, InitialStates = true });
                    data.Add(small with { Masking = masking, GoBackwards = true, InitialStates = true });
                    data.Add(small with { Masking = masking, GoBackwards = true, ReturnSequences = true, ReverseOutput = true });
                    data.Add(small with { Masking = masking, Batch = 7, Time = 11, Units = 17, ReturnSequences = true });
                }
            }
        }

        data.Add(new Case(DType.Float16, "LSTM", 2, 3, 4, 5) { ReturnSequences = true });
        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Recurrent_nets_step_through_time(Case c)
    {
        var test = new OpCase(c.Type);
        Tensor<double> x = test.Input(new Shape(c.Batch, c.Time, c.Features), "batch", "time");
        int gates = c.Cell switch { "LSTM" => 4, "SimpleRNN" => 1, _ => 3 }, states = c.Cell == "LSTM" ? 2 : 1, width = gates * c.Units;
        double scale = 1 / Math.Sqrt(c.Units);
        Tensor<double> kernel = test.Weight(new Shape(c.Features, width)), recurrent = test.Weight(new Shape(c.Units, width), -scale, scale);
        Tensor<double> bias = test.Weight(c.Cell == "GRU" ? new Shape(2, width) : new Shape(width));
        Tensor<bool> mask = test.Add(Mask(c), "batch", "time");
        Tensor<double>[] initial = [.. Enumerable.Range(0, states).Select(_ => test.Input(new Shape(c.Batch, c.Units), "batch"))];

        Tensor<double>[] expected = Reference(c, x, kernel, recurrent, bias, mask, initial);
        Tensor<double>[] actual = test.Run((g, v) =>
        {
            Value? b = c.Bias ? v[3] : null, m = c.Masking == Masking.None ? null : v[4];
            Value[]? start = c.InitialStates ? v[5..] : null;
            Op? a = Find(c.Activation), ra = Find(c.RecurrentActivation);
            RecurrentResult result = c.Cell switch
            {
                "LSTM" => g.LSTM(new LSTM { Activation = a, RecurrentActivation = ra, GoBackwards = c.GoBackwards, ReturnSequences = c.ReturnSequences, ZeroOutputForMask = c.ZeroOutputForMask, ReverseOutput = c.ReverseOutput }, v[0], v[1], v[2], b, m, start),
                "SimpleRNN" => g.SimpleRNN(new SimpleRNN { Activation = a, GoBackwards = c.GoBackwards, ReturnSequences = c.ReturnSequences, ZeroOutputForMask = c.ZeroOutputForMask, ReverseOutput = c.ReverseOutput }, v[0], v[1], v[2], b, m, start?[0]),
                _ => g.GRU(new GRU { Activation = a, RecurrentActivation = ra, ResetAfter = c.Cell == "GRU", GoBackwards = c.GoBackwards, ReturnSequences = c.ReturnSequences, ZeroOutputForMask = c.ZeroOutputForMask, ReverseOutput = c.ReverseOutput }, v[0], v[1], v[2], b, m, start?[0]),
            };
            return [result.Output, .. result.States];
        });
        for (int i = 0; i < expected.Length; i++)
        {
            test.AssertClose(expected[i], actual[i], 10);
        }
    }

    private static Op? Find(string name) => name switch
    {
        "linear" => null,
        "relu" => new Relu(),
        "softmax" => new Softmax(-1),
        "tanh" => new Tanh(),
        "sigmoid" => new Sigmoid(),
        "hard_sigmoid" => new HardSigmoid(0.2, 0.5),
        _ => new Curve(name[6..]),
    };

    private static double[] Apply(string name, double[] x) => name switch
    {
        "linear" => x,
        "relu" => [.. x.Select(v => Math.Max(v, 0))],
        "softmax" => [.. x.Select(v => Math.Exp(v) / x.Sum(Math.Exp))],
        _ => [.. x.Select(new Curve(name.Split(' ')[^1]).Of)],
    };

    private static Tensor<bool> Mask(Case c)
    {
        var random = new Random(5);
        Tensor<bool> mask = Tensor.Zeros(DType.Bool, new Shape(c.Batch, c.Time)).As<bool>();
        for (int b = 0; b < c.Batch; b++)
        {
            int length = random.Next(c.Time + 1);
            for (int t = 0; t < c.Time; t++)
            {
                mask[b, t] = c.Masking switch
                {
                    Masking.PostPadding => t < length,
                    Masking.PrePadding => t >= length,
                    Masking.Holes => random.Next(3) > 0,
                    Masking.AllMaskedRow => b != 1,
                    _ => true,
                };
            }
        }

        return mask;
    }

    /// <summary>Keras's definition, row by row and step by step.</summary>
    private static Tensor<double>[] Reference(Case c, Tensor<double> x, Tensor<double> kernel, Tensor<double> recurrent, Tensor<double> bias, Tensor<bool> mask, Tensor<double>[] initial)
    {
        int u = c.Units;
        Tensor<double> sequence = Tensor.Zeros(DType.Float64, new Shape(c.Batch, c.Time, u)).As<double>(), last = Tensor.Zeros(DType.Float64, new Shape(c.Batch, u)).As<double>();
        Tensor<double>[] states = [.. initial.Select(_ => Tensor.Zeros(DType.Float64, new Shape(c.Batch, u)).As<double>())];
        for (int b = 0; b < c.Batch; b++)
        {
            double[][] state = [.. initial.Select(s => Enumerable.Range(0, u).Select(k => c.InitialStates ? s[b, k] : 0).ToArray())];
            double[] output = new double[u];
            for (int step = 0; step < c.Time; step++)
            {
                int t = c.GoBackwards ? c.Time - 1 - step : step;
                if (c.Masking == Masking.None || mask[b, t])
                {
                    state = Step(c, [.. Enumerable.Range(0, c.Features).Select(i => x[b, t, i])], state, kernel, recurrent, bias);
                    output = state[0];
                }
                else if (c.ZeroOutputForMask)
                {
                    output = new double[u];
                }

                for (int k = 0; k < u; k++)
                {
                    sequence[b, c.ReverseOutput ? c.Time - 1 - step : step, k] = output[k];
                }
            }

            for (int k = 0; k < u; k++)
            {
                last[b, k] = output[k];
                for (int s = 0; s < states.Length; s++)
                {
                    states[s][b, k] = state[s][k];
                }
            }
        }

        return [c.ReturnSequences ? sequence : last, .. states];
    }

    private static double[][] Step(Case c, double[] x, double[][] state, Tensor<double> kernel, Tensor<double> recurrent, Tensor<double> bias)
    {
        int u = c.Units, width = kernel.Shape[1];
        double[] h = state[0];
        double FromInput(int j) => x.Select((v, i) => v * kernel[i, j]).Sum() + (c.Bias ? bias.Span[j] : 0);
        double FromState(int j, double[] of) => of.Select((v, i) => v * recurrent[i, j]).Sum();
        double[] Gate(string activation, int gate) => Apply(activation, [.. Enumerable.Range(gate * u, u).Select(j =>
            FromInput(j) + FromState(j, h) + (c is { Bias: true, Cell: "GRU" } ? bias.Span[width + j] : 0))]);
        switch (c.Cell)
        {
            case "SimpleRNN":
                return [Gate(c.Activation, 0)];
            case "LSTM":
                double[] i = Gate(c.RecurrentActivation, 0), f = Gate(c.RecurrentActivation, 1), g = Gate(c.Activation, 2), o = Gate(c.RecurrentActivation, 3);
                double[] next = [.. Enumerable.Range(0, u).Select(k => (f[k] * state[1][k]) + (i[k] * g[k]))];
                return [[.. Apply(c.Activation, next).Select((v, k) => o[k] * v)], next];
            default:
                double[] z = Gate(c.RecurrentActivation, 0), r = Gate(c.RecurrentActivation, 1);
                double[] reset = [.. h.Select((v, k) => r[k] * v)];
                double[] n = Apply(c.Activation, [.. Enumerable.Range(0, u).Select(k => FromInput((2 * u) + k) + (c.Cell == "GRU"
                    ? r[k] * (FromState((2 * u) + k, h) + (c.Bias ? bias.Span[width + (2 * u) + k] : 0))
                    : FromState((2 * u) + k, reset)))]);
                return [[.. h.Select((v, k) => (z[k] * v) + ((1 - z[k]) * n[k]))]];
        }
    }
}
