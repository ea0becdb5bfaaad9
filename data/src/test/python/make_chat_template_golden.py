"""Golden texts of chat templates, as transformers renders them.

Run: python make_chat_template_golden.py > ../resources/org/etalon/data/text/jinja/golden.json
Needs transformers 4.56.2 and jinja2. The templates are our own; together they use what the
templates of the Qwen, Llama, Mistral, Gemma, DeepSeek and SmolLM families use.
"""

import json
import sys

from transformers.utils.chat_template_utils import _compile_jinja_template

TEMPLATES = {
    "chatml": "{% for m in messages %}{{'<|im_start|>' + m['role'] + '\n' + m['content'] + '<|im_end|>' + '\n'}}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}",
    "default system": "{% for m in messages %}{% if loop.first and messages[0]['role'] != 'system' %}"
    "{{ 'SYSTEM be kind\n' }}{% endif %}{{ m.role | upper }} {{ m.content }}\n{% endfor %}",
    "bos and trim": "{% set loop_messages = messages %}{% for message in loop_messages %}"
    "{% set content = '<h>' + message['role'] + '</h>\n\n' + message['content'] | trim + '<eot>' %}"
    "{% if loop.index0 == 0 %}{% set content = bos_token + content %}{% endif %}{{ content }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<h>assistant</h>\n\n' }}{% endif %}",
    "thinking": """{%- set ns = namespace(searching=true, last=messages|length - 1) %}
{%- for message in messages[::-1] %}
    {%- set index = (messages|length - 1) - loop.index0 %}
    {%- if ns.searching and message.role == "user" and not(message.content.startswith('<r>') and message.content.endswith('</r>')) %}
        {%- set ns.searching = false %}
        {%- set ns.last = index %}
    {%- endif %}
{%- endfor %}
{%- for message in messages %}
    {%- if message.role == "assistant" %}
        {%- set content = message.content %}
        {%- set thought = '' %}
        {%- if message.thought is defined and message.thought is not none %}
            {%- set thought = message.thought %}
        {%- elif '</think>' in message.content %}
            {%- set content = message.content.split('</think>')[-1].lstrip('\\n') %}
            {%- set thought = message.content.split('</think>')[0].rstrip('\\n').split('<think>')[-1].lstrip('\\n') %}
        {%- endif %}
        {%- if loop.index0 > ns.last and (loop.last or (not loop.last and thought)) %}
            {{- '[' + message.role + '] <think>' + thought.strip('\\n') + '</think> ' + content.lstrip('\\n') }}
        {%- else %}
            {{- '[' + message.role + '] ' + content }}
        {%- endif %}
    {%- else %}
        {{- '[' + message.role + '] ' + message.content + '\\n' }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '[assistant]' }}
    {%- if enable_thinking is defined and enable_thinking is false %}
        {{- '<think></think>' }}
    {%- endif %}
{%- endif %}
""",
    "white space": """
  {% for m in messages %}
    {# a note #}
  {{ m.role }} :
    {%+ if m.role == 'user' %}  U{% endif %}

  {%- if loop.last -%}
      last
  {%- endif +%}
{{- ' x ' -}}
  {% endfor %}
tail  {{ 1 }}
""",
    "system apart": """{%- if messages[0]["role"] == "system" %}
    {%- set system_message = messages[0]["content"] %}
    {%- set loop_messages = messages[1:] %}
{%- else %}
    {%- set loop_messages = messages %}
{%- endif %}
{%- set users = loop_messages | selectattr("role", "equalto", "user") | list %}
{{- bos_token }}
{%- for message in loop_messages %}
    {%- if message["role"] == "user" %}
        {%- if loop.last and system_message is defined %}
            {{- "[INST] " + system_message + "\\n\\n" + message["content"] + "[/INST]" }}
        {%- else %}
            {{- "[INST] " + message["content"] + "[/INST]" }}
        {%- endif %}
    {%- elif message["role"] == "assistant" %}
        {{- " " + message["content"] + eos_token }}
    {%- endif %}
{%- endfor %}{{ users | length }}/{{ users[-1].content }}""",
    "macro": """{% macro turn(role, text, mark='*') %}{{ mark }}{{ role | capitalize }}{{ mark }} {{ text }}
{% endmacro %}{% for m in messages %}{{ turn(m.role, m.content) }}{% else %}nobody{% endfor %}{{ turn('assistant', text='', mark='#') }}""",
    "values": """{{ [1, 2.5, true, none, 'a\\'b'] }} {{ {'k': [1], 'm': 'n'} }} {{ 7 // 2 }} {{ -7 % 3 }} {{ 7 / 2 }} {{ 2 ** 5 }}
{{ 'a' ~ 1 ~ none }} {{ missing }}|{{ messages | tojson }}|{{ {'a': {'b': [1, 'é"\\n']}} | tojson(indent=2) }}
{{ 1 if messages else 2 }} {{ 'x' if false }} {{ 3 < 4 < 5 }} {{ 'ab' * 3 }} {{ (1, 2) | join('.') }} {{ 'a' in 'cab' }} {{ 4 not in [1, 2] }}""",
    "filters": """{{ '  a b ' | trim }} {{ 'abc' | first }}{{ [1, 2] | last }} {{ 'abc' | reverse }} {{ ['a', 'b'] | join('-') }} {{ missing | default('d') }}
{{ '' | default('e', true) }} {{ '12' | int + 1 }} {{ -3 | abs }} {{ 'one\ntwo\n\nthree' | indent(2) }} {{ 'the end' | title }} {{ 'aXbX' | replace('X', '__') }}
{{ [3, 3, 4] | unique | list }} {{ messages | map(attribute='role') | join(',') }} {{ ['a', 'b'] | map('upper') | list }} {{ [0, 1] | select | list }}
{{ messages | rejectattr('role', 'equalto', 'user') | list | length }} {% for k, v in {'p': 1, 'q': 2}.items() %}{{ k }}={{ v }};{% endfor %} {{ ({'p': 1} | items | list)[0][1] }} {{ 'é😀' | length }}""",
    "tests": """{% for x in [1, 'a', none, true, [1], {'k': 1}, 2.5] %}{{ x is string }}{{ x is number }}{{ x is mapping }}{{ x is sequence }}{{ x is iterable }}{{ x is none }}{{ x is boolean }}{{ x is not defined }}
{% endfor %}{{ 3 is odd }}{{ 4 is even }}{{ 9 is divisibleby(3) }}{{ 'a' is in ['a'] }}{{ 'a' is eq 'a' }}{{ messages[0].nothing is defined }}""",
    "loops": """{% for i in range(1, 8, 2) if i != 3 %}{{ loop.index }}/{{ loop.length }}:{{ i }}{% if not loop.last %}, {% endif %}{% if i == 5 %}{% break %}{% endif %}{% endfor %}
{% for i in range(3) %}{% if i == 1 %}{% continue %}{% endif %}{{ i }}{{ loop.previtem is defined }}{{ loop.nextitem }} {% endfor %}
{% set x = 1 %}{% for i in [1, 2] %}{% set x = x + i %}{{ x }}{% endfor %}{{ x }}{% set block %} <{{ x }}> {% endset %}{{ block | trim }}{% set a, b = 1, 2 %}{{ a + b }}""",
    "slices": """{{ 'abcdef'[1:4] }}{{ 'abcdef'[::-1] }}{{ 'abcdef'[-2:] }}{{ [1, 2, 3, 4][::2] }}{{ [1, 2, 3][-1] }}{{ 'a,b,c'.split(',')[1] }}{{ ' a  b '.split() }}{{ 'a.b.c'.split('.', 1) }}{{ 'x'.upper() }}{{ 'aXa'.strip('a') }}{{ {'k': 5}.get('k') }}{{ {'k': 5}.get('z', 6) }}{{ {'k': 5}['k'] }}""",
}

CONVERSATIONS = [
    [{"role": "user", "content": "  What is 3*4? "}],
    [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "你好 😀\n{{ 7*7 }}{% if x %}"},
        {"role": "assistant", "content": "<think>\nhm\n</think>\n\n49 <|im_end|>"},
        {"role": "user", "content": "<r>done</r>"},
    ],
    [
        {"role": "user", "content": "a"},
        {"role": "assistant", "content": "<think>b</think>c"},
    ],
]


def main():
    cases = []
    for name, template in TEMPLATES.items():
        for i, messages in enumerate(CONVERSATIONS):
            for opens in (True, False):
                text = _compile_jinja_template(template).render(
                    messages=messages,
                    add_generation_prompt=opens,
                    tools=None,
                    documents=None,
                    bos_token="<s>",
                    eos_token="</s>",
                )
                cases.append(
                    {"name": f"{name}/{i}/{opens}", "template": template, "messages": messages, "opens": opens, "text": text}
                )
    json.dump(cases, sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")


main()
