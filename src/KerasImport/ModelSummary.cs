using System.Globalization;
using System.Text;
using KerasCompat.Layers;
using KerasCompat.Runtime;
using Newtonsoft.Json.Linq;

namespace KerasCompat;

/// <summary>The table of Keras 3's <c>model.summary()</c>: layer and class, output shape, number of parameters.</summary>
internal static class ModelSummary
{
    // The widths that Keras's table takes on a terminal of 80 columns.
    private static readonly int[] SequentialWidths = [31, 22, 13];
    private static readonly int[] FunctionalWidths = [19, 17, 10, 17];

    public static string Write(KerasModel model)
    {
        bool connected = !model.Network.IsSequential;
        List<string[]> rows = [connected ? ["Layer (type)", "Output Shape", "Param #", "Connected to"] : ["Layer (type)", "Output Shape", "Param #"]];
        foreach (Layer layer in model.Layers)
        {
            string[] row = [$"{layer.Name} ({layer.ClassName})", OutputShapes(model.Network, layer), Number(Parameters(layer.Weights))];
            rows.Add(connected ? [.. row, ConnectedTo(layer)] : row);
        }

        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"Model: \"{model.Name}\"\n");
        Table(text, rows);
        long total = Parameters(model.Weights);
        long trainable = Parameters(TrainableWeights(model.Network));
        Total(text, "Total params", total, Bytes(model.Weights));
        Total(text, "Trainable params", trainable, Bytes(TrainableWeights(model.Network)));
        Total(text, "Non-trainable params", total - trainable, Bytes(model.Weights) - Bytes(TrainableWeights(model.Network)));
        return text.ToString();
    }

    private static string OutputShapes(Network network, Layer layer)
    {
        string[] shapes = [.. network.Trace.Where(t => t.Layer == layer && t.Node == 0).Select(t => KerasShape(t.Tensor.Shape))];
        return shapes switch
        {
            [] when layer is InputLayer input => $"({string.Join(", ", input.BatchShape.Select(d => d?.ToString(CultureInfo.InvariantCulture) ?? "None"))})",
            [] => "?",
            [var single] => single,
            _ => $"[{string.Join(", ", shapes)}]",
        };
    }

    /// <summary>A shape as Keras prints it: sizes a call decides are None.</summary>
    private static string KerasShape(SymbolicShape shape) => shape.Rank == 1
        ? $"({Size(shape[0])},)"
        : $"({string.Join(", ", shape.Select(Size))})";

    private static string Size(Dim dim) => dim.ValueOrNull?.ToString(CultureInfo.InvariantCulture) ?? "None";

    private static string ConnectedTo(Layer layer) => layer.Config.Json["inbound_nodes"] is { } nodes
        ? string.Join(", ", nodes.SelectTokens("$..keras_history").OfType<JArray>().Where(h => h.Count >= 3).Select(h => $"{h[0]}[{h[1]}][{h[2]}]"))
        : string.Empty;

    private static IEnumerable<Weight> TrainableWeights(Layer layer) => !layer.Config.Trainable
        ? []
        : layer.OwnWeights.Where(w => w.Trainable).Concat(layer.Sublayers.SelectMany(s => TrainableWeights(s.Layer))).Distinct();

    private static long Parameters(IEnumerable<Weight> weights) => weights.Sum(w => (long)w.Shape.ElementCount);

    private static long Bytes(IEnumerable<Weight> weights) => weights.Sum(w => (long)w.Shape.ElementCount * w.DType.Size());

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static void Total(StringBuilder text, string what, long count, long bytes) =>
        text.Append(CultureInfo.InvariantCulture, $" {what}: {Number(count)} ({Readable(bytes)})\n");

    private static string Readable(long bytes)
    {
        string[] units = ["B", "KB", "MB", "GB", "TB"];
        double size = bytes;
        int unit = 0;
        for (; size >= 1024 && unit < units.Length - 1; unit++)
        {
            size /= 1024;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{size:F2} {units[unit]}");
    }

    private static void Table(StringBuilder text, List<string[]> rows)
    {
        int[] widths = rows[0].Length == 3 ? SequentialWidths : FunctionalWidths;
        Rule('┏', '┳', '┓', '━');
        for (int i = 0; i < rows.Count; i++)
        {
            char bar = i == 0 ? '┃' : '│';
            string[][] cells = [.. rows[i].Select((cell, c) => Wrapped(cell, widths[c]))];
            for (int line = 0; line < cells.Max(c => c.Length); line++)
            {
                text.Append(bar);
                for (int c = 0; c < cells.Length; c++)
                {
                    string part = cells[c].ElementAtOrDefault(line) ?? string.Empty;
                    // Keras aligns the count of parameters to the right, everything else to the left.
                    text.Append(' ').Append(c == 2 ? part.PadLeft(widths[c]) : part.PadRight(widths[c])).Append(' ').Append(bar);
                }

                text.Append('\n');
            }

            if (i == 0)
            {
                Rule('┡', '╇', '┩', '━');
            }
            else if (i < rows.Count - 1)
            {
                Rule('├', '┼', '┤', '─');
            }
        }

        Rule('└', '┴', '┘', '─');

        void Rule(char left, char middle, char right, char line) =>
            text.Append(left).Append(string.Join(middle, widths.Select(w => new string(line, w + 2)))).Append(right).Append('\n');
    }

    /// <summary>A cell's text in lines of at most <paramref name="width"/> characters, broken at blanks where there are any.</summary>
    private static string[] Wrapped(string cell, int width)
    {
        var lines = new List<string>();
        while (cell.Length > width)
        {
            int blank = cell.LastIndexOf(' ', width);
            int end = blank > 0 ? blank : width;
            lines.Add(cell[..end]);
            cell = cell[end..].TrimStart(' ');
        }

        return [.. lines, cell];
    }
}
