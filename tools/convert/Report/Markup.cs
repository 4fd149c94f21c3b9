using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;

namespace KerasCompat.Convert.Report;

/// <summary>Text that is HTML or SVG already and goes into a page as it is.</summary>
/// <remarks>What is interpolated into <see cref="Of"/> is escaped unless it is markup itself: names in a model file are anybody's text.</remarks>
internal readonly record struct Markup(string Text)
{
    public static Markup Empty { get; } = new(string.Empty);

    public static Markup Of(Handler text) => new(text.ToString());

    public static Markup Join(IEnumerable<Markup> parts) => new(string.Concat(parts.Select(p => p.Text)));

    /// <summary>The markup where a condition holds, else nothing.</summary>
    public static Markup If(bool condition, Func<Markup> markup) => condition ? markup() : Empty;

    public override string ToString() => Text;

    [InterpolatedStringHandler]
    internal readonly struct Handler
    {
        private readonly StringBuilder _text;

        public Handler(int literal, int holes) => _text = new StringBuilder(literal + (holes * 16));

        public void AppendLiteral(string text) => _text.Append(text);

        public void AppendFormatted(Markup markup) => _text.Append(markup.Text);

        public void AppendFormatted(string? text) => _text.Append(WebUtility.HtmlEncode(text));

        public void AppendFormatted(double number, string format = "0.#") => _text.Append(number.ToString(format, CultureInfo.InvariantCulture));

        public void AppendFormatted(long number, string format = "0") => _text.Append(number.ToString(format, CultureInfo.InvariantCulture));

        public override string ToString() => _text.ToString();
    }
}
