using System.Globalization;
using System.Text;
using System.Xml;

namespace KerasCompat.Convert.Output;

/// <summary>Outcomes in the XML that CI servers take from JUnit and show test by test.</summary>
internal sealed class JUnitReport(string suite)
{
    private readonly List<Test> _tests = [];

    /// <summary>What became of a test: neither text where it passed, <paramref name="Failure"/> for other numbers, <paramref name="Error"/> where there was nothing to compare.</summary>
    private sealed record Test(string Name, TimeSpan Time, string? Failure, string? Error);

    public void Passed(string name, TimeSpan time) => _tests.Add(new Test(name, time, null, null));

    /// <summary>A test whose numbers differ.</summary>
    public void Failed(string name, TimeSpan time, string text) => _tests.Add(new Test(name, time, text, null));

    /// <summary>A test that came to no numbers.</summary>
    public void Erred(string name, TimeSpan time, string text) => _tests.Add(new Test(name, time, null, text));

    public void Write(Stream stream)
    {
        using var xml = XmlWriter.Create(stream, new XmlWriterSettings { Indent = true, Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false) });
        xml.WriteStartElement("testsuites");
        Counts(xml);
        xml.WriteStartElement("testsuite");
        xml.WriteAttributeString("name", Clean(suite));
        Counts(xml);
        foreach (Test test in _tests)
        {
            xml.WriteStartElement("testcase");
            xml.WriteAttributeString("classname", Clean(suite));
            xml.WriteAttributeString("name", Clean(test.Name));
            xml.WriteAttributeString("time", Seconds(test.Time));
            Outcome(xml, "failure", test.Failure);
            Outcome(xml, "error", test.Error);
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    private void Counts(XmlWriter xml)
    {
        xml.WriteAttributeString("tests", XmlConvert.ToString(_tests.Count));
        xml.WriteAttributeString("failures", XmlConvert.ToString(_tests.Count(t => t.Failure is not null)));
        xml.WriteAttributeString("errors", XmlConvert.ToString(_tests.Count(t => t.Error is not null)));
        xml.WriteAttributeString("time", Seconds(TimeSpan.FromTicks(_tests.Sum(t => t.Time.Ticks))));
    }

    private static void Outcome(XmlWriter xml, string kind, string? text)
    {
        if (text is null)
        {
            return;
        }

        xml.WriteStartElement(kind);
        xml.WriteAttributeString("message", Clean(text.Split('\n')[0].TrimEnd('\r')));
        xml.WriteString(Clean(text));
        xml.WriteEndElement();
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture);

    /// <summary>Names in model files may hold what XML cannot.</summary>
    private static string Clean(string text) => string.Concat(text.EnumerateRunes().Select(r => r.Value > 0xFFFF || XmlConvert.IsXmlChar((char)r.Value) ? r.ToString() : "\uFFFD"));
}
